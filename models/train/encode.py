"""What a gateway does with a release: features → tensors → ONNX Runtime → named outputs.

Driven by the written files alone (sluice.yaml, model.onnx), never by the training code, so that
the golden cases compare two independent ways.
"""

from pathlib import Path

import numpy as np
import onnxruntime
import yaml

DTYPES = {"tensor(float)": np.float32, "tensor(string)": object, "tensor(bool)": np.bool_, "tensor(int64)": np.int64}


def session(folder: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])


def manifest(folder: Path) -> dict:
    return yaml.safe_load((folder / "sluice.yaml").read_text())


def tensors(rows: list[dict], features: list[dict], inputs: list) -> dict[str, np.ndarray]:
    """One array [N, columns] for each graph input."""
    feeds = {i.name: np.empty((len(rows), i.shape[1]), DTYPES[i.type]) for i in inputs}
    for feature in features:
        values = [_encoded(row.get(feature["name"]), feature) for row in rows]
        feeds[feature["tensor"]][:, feature.get("column", 0)] = values
    return feeds


def _encoded(value, feature: dict):
    kind, index = feature["type"], feature.get("as") == "index"
    if value is None:
        empty = {"number": np.nan, "boolean": False, "category": -1 if index else ""}
        value = feature.get("default", empty[kind])
    if kind == "category" and index and value != -1:
        return feature["values"].index(value) if value in feature["values"] else -1
    return value


def named_outputs(results: dict[str, np.ndarray], outputs: dict) -> list[dict]:
    """One object a row: output name → number, label or {lower, upper}."""
    count = len(next(iter(results.values())))
    return [{name: _output(results, spec, row) for name, spec in outputs.items()} for row in range(count)]


def _output(results: dict[str, np.ndarray], spec: dict, row: int):
    if "lower" in spec:
        return {side: float(results[spec[side]][row].item()) for side in ("lower", "upper")}
    value = float(results[spec["tensor"]][row][spec.get("column", 0)])
    return spec["labels"][int(value >= spec["cutoff"]["default"])] if "cutoff" in spec else value


def predict(folder: Path, rows: list[dict]) -> list[dict]:
    """Named outputs of a release for rows of features."""
    spec, run = manifest(folder), session(folder)
    names = [output.name for output in run.get_outputs()]
    results = run.run(names, tensors(rows, spec["features"], run.get_inputs()))
    return named_outputs(dict(zip(names, results)), spec["outputs"])
