"""From a fitted scikit-learn pipeline to a package that `sluice release validate` accepts.

One file, to be copied beside a notebook; `write_package` is all that most need. It wants numpy, pandas, PyYAML,
scikit-learn, onnx and skl2onnx: `models/train/requirements.txt` pins versions that work together.

A *feature* is described once, as in the manifest (docs/releases.md, "Features") without `tensor` and `column`. A *row*
is a request as a caller sends it, an object of feature name → value, with what derived features come to added by the
training code. Train on `frame(rows, features)`, so that the pipeline sees what the graph will get.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from onnx import ModelProto, checker, compose, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType

MISSING = {"number": float("nan"), "category": "", "boolean": False}
OPSETS = {"": 18, "ai.onnx.ml": 3}


def write_package(
    folder, *, model: str, version: str, description: str, pipelines: dict, features: list[dict], outputs: dict,
    golden: dict[str, dict], tolerance: float, rows: list[dict], scores: dict, evaluation: dict | None = None,
    refusals: dict[str, tuple[dict, str]] | None = None, card: str | None = None, **more,
) -> None:  # fmt: skip
    """Writes all files of a package into `folder`.

    - `pipelines`: name of an output tensor → fitted pipeline; a regressor gives [N, 1], a classifier [N, classes].
    - `outputs`: as in the manifest, over these tensors: numbers, labels, cut-offs, intervals, the best few.
    - `golden`: name of a case → row; what must come is asked of the pipelines, never of the graph. `tolerance` is in
      the unit of the outputs, at least half of what they are rounded to. `refusals`: name → (row, code of the rule).
    - `rows`: what the pipelines were trained on; `scores`: name of an output → [N] values of it for rows that the
      pipeline had not seen (`cross_val_predict`). Both become the reference profile.
    - `evaluation`: `rows` that were held out and their `labels`, the `metrics` on them and the `gate`.
    - `more`: other fields of the manifest: `constants`, `parameters`, `rules`, `batching`, `provenance`.
    """
    head = {"apiVersion": "sluice/v1", "model": model, "version": version, "description": description}
    placed = [{**feature, "tensor": feature["name"]} for feature in features]
    expected = zip(golden.items(), answers(pipelines, features, outputs, [*golden.values()]))
    cases = {name: (row, {"outputs": comes, "tolerance": tolerance}) for (name, row), comes in expected}
    cases |= {name: (row, {"refusal": code}) for name, (row, code) in (refusals or {}).items()}
    files = {"golden.jsonl": json_lines(golden_cases(cases, features))}
    if evaluation is not None:
        measured = {name: evaluation[name] for name in ("metrics", "gate")}
        files["evaluation.jsonl"] = json_lines(evaluation_rows(evaluation["rows"], evaluation["labels"], features))
        more = {"evaluation": {"dataset": "evaluation.jsonl", **measured}, **more}
    files["sluice.yaml"] = manifest_text({**head, "features": placed, "outputs": outputs, **more})
    files["reference.json"] = json.dumps(profile(rows, features, scores), indent=1, ensure_ascii=False) + "\n"
    files |= {} if card is None else {"card.md": card}
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "model.onnx").write_bytes(graph(model, pipelines, features))
    for name, text in files.items():
        Path(folder, name).write_text(text, encoding="utf-8")


def frame(rows: list[dict], features: list[dict]) -> pd.DataFrame:
    """[N, features] with the feature's default for what is missing or null, numbers as float32, as tensors carry them."""
    return pd.DataFrame({feature["name"]: _column(rows, feature) for feature in features})


def _column(rows: list[dict], feature: dict) -> pd.Series:
    default = feature.get("default", MISSING[feature["type"]])
    values = [default if row.get(feature["name"]) is None else row[feature["name"]] for row in rows]
    return pd.Series(values, dtype=object if feature["type"] == "category" else "float32")


def graph(name: str, pipelines: dict, features: list[dict]) -> bytes:
    """One graph of all pipelines: for each feature an input [N, 1] of its name, for each pipeline an output.

    skl2onnx 1.20 converts GradientBoosting, forests, linear models and nets; with onnx 1.23 not HistGradientBoosting.
    Give trees their numbers unscaled: a row that lies on a split may be rounded to its other side by scaling.
    """
    parts = [_converted(tensor, fitted, features) for tensor, fitted in pipelines.items()]
    nodes, weights = ([each for part in parts for each in getattr(part.graph, of)] for of in ("node", "initializer"))
    outputs = [part.graph.output[-1] for part in parts]
    merged = helper.make_graph(nodes, name, parts[0].graph.input, outputs, initializer=weights)
    opsets = [helper.make_opsetid(*opset) for opset in OPSETS.items()]
    model = helper.make_model(merged, opset_imports=opsets, ir_version=8)
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def _converted(tensor: str, fitted, features: list[dict]) -> ModelProto:
    """The graph of one pipeline; every name in it begins with the tensor's, its last output is the tensor."""
    kinds = [StringTensorType if feature["type"] == "category" else FloatTensorType for feature in features]
    inputs = [(feature["name"], kind([None, 1])) for feature, kind in zip(features, kinds)]
    options = {id(fitted): {"zipmap": False}} if hasattr(fitted, "predict_proba") else None
    model = to_onnx(fitted, initial_types=inputs, target_opset=OPSETS, options=options)
    model = compose.add_prefix(model, f"{tensor}_", rename_inputs=False)
    factors = {node.input[1] for node in model.graph.node if node.op_type == "MatMul"}
    for weights in model.graph.initializer:
        if weights.name in factors and len(weights.dims) == 1:
            weights.dims.append(1)  # ONNX Runtime cannot multiply no rows by a vector
    computed = model.graph.output[-1]
    model.graph.node.append(helper.make_node("Identity", [computed.name], [tensor], name=tensor))
    kind, widths = computed.type.tensor_type.elem_type, computed.type.tensor_type.shape.dim[1:]
    model.graph.output.append(helper.make_tensor_value_info(tensor, kind, ["N", *(width.dim_value for width in widths)]))
    return model


def answers(pipelines: dict, features: list[dict], outputs: dict, rows: list[dict]) -> list[dict]:
    """The manifest's outputs for each row, as scikit-learn computes them."""
    table = frame(rows, features)
    seen = {tensor: _predicted(fitted, table) for tensor, fitted in pipelines.items()}
    return [{name: _output(seen, spec, row) for name, spec in outputs.items()} for row in range(len(rows))]


def _predicted(fitted, table: pd.DataFrame) -> np.ndarray:
    seen = fitted.predict_proba(table) if hasattr(fitted, "predict_proba") else fitted.predict(table)
    return np.asarray(seen, dtype=float).reshape(len(table), -1)


def _output(seen: dict[str, np.ndarray], spec: dict, row: int):
    if "lower" in spec:
        return {side: float(seen[spec[side]][row, 0]) for side in ("lower", "upper")}
    values = seen[spec["tensor"]][row]
    if "top" in spec:
        best = np.argsort(-values, kind="stable")[: spec["top"]]
        return [{"label": spec["labels"][i], "score": float(values[i])} for i in best]
    if "cutoff" in spec:
        return spec["labels"][int(values[spec.get("column", 0)] >= spec["cutoff"]["default"])]
    return spec["labels"][int(values.argmax())] if "labels" in spec else float(values[spec.get("column", 0)])


def golden_cases(named_rows: dict[str, tuple[dict, dict]], features: list[dict]) -> list[dict]:
    """Lines of golden.jsonl; name → (row, what must come: `outputs` and `tolerance`, or `refusal`)."""
    return [{"name": name, **_asked(row, features), **comes} for name, (row, comes) in named_rows.items()]


def evaluation_rows(rows: list[dict], labels, features: list[dict]) -> list[dict]:
    """Lines of evaluation.jsonl; a label is a number or the name of a class."""
    pairs = zip(rows, np.asarray(labels).tolist())
    return [{"features": _asked(row, features)["features"], "label": label} for row, label in pairs]


def _asked(row: dict, features: list[dict]) -> dict:
    """What a caller gives of a row, and apart from it what is derived."""
    computed = [feature["name"] for feature in features if "derived" in feature and feature["name"] in row]
    given = {name: value for name, value in row.items() if name not in computed}
    return {"features": given, **({"derived": {name: row[name] for name in computed}} if computed else {})}


def json_lines(values: list[dict]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def profile(rows: list[dict], features: list[dict], scores: dict[str, np.ndarray]) -> dict:
    """The reference profile: how the training data is distributed, and the scores of rows the scorer had not seen."""
    columns = {feature["name"]: _distribution(rows, feature) for feature in features}
    outputs = {name: _bins(np.asarray(values, dtype=float)) for name, values in scores.items()}
    return {"apiVersion": "sluice/v1", "rows": len(rows), "features": columns, "outputs": outputs}


def _distribution(rows: list[dict], feature: dict) -> dict:
    values = [row.get(feature["name"]) for row in rows]
    present = [value for value in values if value is not None]
    missing = len(values) - len(present)
    if feature["type"] == "number":
        return _bins(np.array(present, dtype=float), missing=missing)
    kinds = ["true", "false"] if feature["type"] == "boolean" else feature.get("values", sorted(set(present)))
    texts = [str(value).lower() if isinstance(value, bool) else value for value in present]
    return {"type": feature["type"], "counts": {kind: texts.count(kind) for kind in kinds}, "missing": missing}


def _bins(values: np.ndarray, **more: int) -> dict:
    """Bins by deciles: bin i holds edges[i-1] <= value < edges[i]. No edge twice, and none with nothing below it."""
    deciles = np.unique(np.round(np.quantile(values, np.arange(1, 10) / 10), 6))
    edges = deciles[deciles > values.min()]
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    summary = {"min": values.min(), "max": values.max(), "mean": values.mean()}
    rounded = {key: round(float(value), 6) for key, value in summary.items()}
    return {"type": "number", "edges": edges.tolist(), "counts": counts.tolist(), **more, **rounded}


class _Dumper(yaml.SafeDumper):
    """Double quotes, where there have to be any."""

    def choose_scalar_style(self):
        style = super().choose_scalar_style()
        return '"' if style == "'" else style


def manifest_text(manifest: dict) -> str:
    """sluice.yaml: features, rules and outputs one a line, where they have no more than 110 characters."""
    return "".join(_field(key, value) for key, value in manifest.items())


def _field(key: str, value) -> str:
    if key in ("features", "rules"):
        return f"{key}:\n" + "".join(_entry("  - ", item) for item in value)
    if key == "outputs":
        return f"{key}:\n" + "".join(_entry(f"  {name}: ", spec) for name, spec in value.items())
    return _dumped({key: value}, default_flow_style=False)


def _entry(lead: str, value: dict) -> str:
    line = f"{lead}{_flow(value)}\n"
    if len(line) <= 111:
        return line
    inner = "".join(f"      {name}: {_flow(part)},\n" for name, part in value.items())
    opened = lead if lead.endswith("- ") else f"{lead.rstrip()}\n    "
    return f"{opened}{{\n{inner}    }}\n"


def _flow(value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name}: {_flow(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _dumped([value], default_flow_style=True).strip()[1:-1]


def _dumped(value, **style) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, **style)
