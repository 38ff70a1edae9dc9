"""Writes the files of a release, and times it."""

import json
import sys
import timeit
from pathlib import Path

import numpy as np
import yaml

import encode

TRAINED_AT = "2026-11-21"
CARDS = Path(__file__).parent / "cards"


def store() -> Path:
    """The store named on the command line, else models/store."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "store"


def provenance(source: str, dataset: str) -> dict:
    return {"source": f"models/train/{source}", "dataset": dataset, "trainedAt": TRAINED_AT, "by": "Sluice developers"}


def write(folder: Path, model: bytes, golden: list[dict], card: str, figures: dict) -> None:
    """model.onnx, golden.jsonl, and card.md from the template cards/<card> with its figures filled in."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model)
    lines = [json.dumps(case, ensure_ascii=False) for case in golden]
    (folder / "golden.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "card.md").write_text((CARDS / card).read_text().format_map(figures))


def write_manifest(folder: Path, manifest: dict, reference: dict) -> None:
    """sluice.yaml, one line a feature, and reference.json."""
    (folder / "sluice.yaml").write_text("".join(_yaml(key, value) for key, value in manifest.items()))
    (folder / "reference.json").write_text(json.dumps(reference, indent=1, ensure_ascii=False) + "\n")


def _yaml(key: str, value) -> str:
    if isinstance(value, list):
        return f"{key}:\n" + "".join(f"  - {_flow(item)}\n" for item in value)
    if key == "outputs":
        return f"{key}:\n" + "".join(f"  {name}: {_flow(spec)}\n" for name, spec in value.items())
    return yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=1000)


def _flow(value) -> str:
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000).strip()


def timing(folder: Path, feeds: dict[str, np.ndarray]) -> str:
    """Median µs of `run` for the first row and for the first 32 rows of the feeds, one thread."""
    run = encode.session(folder)
    parts = []
    for rows in (1, 32):
        batch = {name: np.ascontiguousarray(values[:rows]) for name, values in feeds.items()}
        spans = timeit.repeat(lambda: run.run(None, batch), number=200, repeat=15)
        parts.append(f"{rows} rows {np.median(spans) / 200 * 1e6:.0f} µs")
    return ", ".join(parts)
