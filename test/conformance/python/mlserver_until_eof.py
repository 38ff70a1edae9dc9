"""`mlserver start`, which ends when standard input does: with the test, however the test ends."""

import os
import sys
import threading

from mlserver.cli import main


def end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


threading.Thread(target=end_with_stdin, daemon=True).start()
main()
