"""Golden cases: what scikit-learn says, checked against what ONNX Runtime says."""

import json
from pathlib import Path

import numpy as np

import encode
from sluice_package import golden_cases

NUMPY = {"FP32": np.float32, "INT64": np.int64}


def feature_cases(named_rows: dict[str, dict], expected: list[dict], features: list[dict], tolerance: float) -> list[dict]:
    """Lines of golden.jsonl; `tolerance` is absolute, in the unit of the output."""
    pairs = zip(named_rows.items(), expected)
    return golden_cases({n: (row, {"outputs": out, "tolerance": tolerance}) for (n, row), out in pairs}, features)


def tensor_json(name: str, datatype: str, values: np.ndarray) -> dict:
    flat = values.ravel().tolist()
    return {"name": name, "datatype": datatype, "shape": list(values.shape), "data": flat}


def check_features(folder: Path) -> float:
    """Runs every case of a release with a manifest; the largest deviation, or AssertionError."""
    cases = _read(folder)
    answers = [encode.predict(folder, [case["features"]])[0] for case in cases]
    return max(_compared(case, case["outputs"], answer) for case, answer in zip(cases, answers))


def check_tensors(folder: Path) -> float:
    """The same for a bare folder."""
    run, worst = encode.session(folder), 0.0
    for case in _read(folder):
        feeds = {i["name"]: np.array(i["data"], NUMPY[i["datatype"]]).reshape(i["shape"]) for i in case["inputs"]}
        got = run.run([output["name"] for output in case["outputs"]], feeds)
        assert [list(g.shape) for g in got] == [o["shape"] for o in case["outputs"]], case["name"]
        worst = max([worst, *(_compared(case, o["data"], g.ravel().tolist()) for o, g in zip(case["outputs"], got))])
    return worst


def deviation(expected, got) -> float:
    """The largest absolute difference of two values of the same form; unequal labels are infinitely far apart."""
    if isinstance(expected, dict):
        assert expected.keys() == got.keys(), (expected, got)
        return max(deviation(expected[key], got[key]) for key in expected)
    if isinstance(expected, list):
        assert len(expected) == len(got)
        return max(map(deviation, expected, got))
    if isinstance(expected, str):
        return 0.0 if expected == got else float("inf")
    return abs(expected - got)


def _compared(case: dict, expected, got) -> float:
    worst = deviation(expected, got)
    assert worst <= case["tolerance"], f"{case['name']}: off by {worst}: {expected} / {got}"
    return worst


def _read(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "golden.jsonl").read_text().splitlines()]
