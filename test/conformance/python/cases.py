"""Runs the unittest cases of a script and prints one JSON line for each, then {"done": count}."""

import faulthandler
import json
import sys
import unittest

# Seconds after which a script that hangs prints the stacks of its threads and ends.
PATIENCE = 120


class JsonLines(unittest.TestResult):
    """A case is a test method, or a subTest of one. The method's name is the case's name."""

    def __init__(self):
        super().__init__()
        self.printed = 0

    def line(self, name, error=None):
        self.printed += 1
        print(json.dumps({"case": name, "ok": error is None, "error": error}), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line(name_of(test))

    def addError(self, test, err):
        super().addError(test, err)
        self.line(name_of(test), self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line(name_of(test), self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        error = None if err is None else self._exc_info_to_string(err, test)
        self.line(f"{name_of(test)}: {' '.join(map(str, subtest.params.values()))}", error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(name_of(test), f"skipped: {reason}; a case that does not run proves nothing")


def name_of(test):
    method = getattr(test, "_testMethodName", str(test))
    return method.removeprefix("test_").replace("_", " ")


def main():
    """Runs the script that was started."""
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    result = JsonLines()
    unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]).run(result)
    print(json.dumps({"done": result.printed}), flush=True)
    faulthandler.cancel_dump_traceback_later()
