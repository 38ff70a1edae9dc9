"""Writes the files of a package, and times it."""

import json
import re
import sys
import timeit
from pathlib import Path

import numpy as np

import encode
from sluice_package import json_lines, manifest_text

TRAINED_AT = "2026-11-21"
CARDS = Path(__file__).parent / "cards"


def packages() -> Path:
    """The folder named on the command line, else .packages; publish.sh takes what is there into the store."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / ".packages"


def provenance(source: str, dataset: str) -> dict:
    return {"source": f"models/train/{source}", "dataset": dataset, "trainedAt": TRAINED_AT, "by": "Sluice developers"}


def write(folder: Path, model: bytes, golden: list[dict], template: str, figures: dict) -> None:
    """model.onnx, golden.jsonl, and card.md from the template cards/<template>."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    (folder / "golden.jsonl").write_text(json_lines(golden))
    (folder / "card.md").write_text(card(template, figures))


def card(name: str, figures: dict) -> str:
    """The template cards/<name> with its figures filled in."""
    return aligned((CARDS / name).read_text().format_map(figures))


def aligned(text: str) -> str:
    """Markdown with the columns of each table as wide as their widest cell."""
    return re.sub(r"(?:^\|.*\n)+", lambda table: _table(table[0].splitlines()), text, flags=re.MULTILINE)


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    widths = [max(3, *(len(cell) for cell in column if set(cell) != {"-"})) for column in zip(*rows)]
    padded = [[_cell(cell, width) for cell, width in zip(row, widths)] for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in padded)


def _cell(text: str, width: int) -> str:
    return "-" * width if set(text) == {"-"} else text.ljust(width)


def write_manifest(folder: Path, manifest: dict, reference: dict) -> None:
    (folder / "sluice.yaml").write_text(manifest_text(manifest))
    (folder / "reference.json").write_text(json.dumps(reference, indent=1, ensure_ascii=False) + "\n")


def timing(folder: Path, feeds: dict[str, np.ndarray]) -> str:
    """Median µs of `run` for the first row and for the first 32 rows of the feeds, one thread."""
    run = encode.session(folder)
    parts = []
    for rows in (1, 32):
        batch = {name: np.ascontiguousarray(values[:rows]) for name, values in feeds.items()}
        spans = timeit.repeat(lambda: run.run(None, batch), number=200, repeat=15)
        parts.append(f"{rows} rows {np.median(spans) / 200 * 1e6:.0f} µs")
    return ", ".join(parts)
