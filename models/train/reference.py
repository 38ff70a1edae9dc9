"""The reference profile: how the training data and the scores on it are distributed."""

import numpy as np


def profile(rows: list[dict], features: list[dict], outputs: dict[str, np.ndarray]) -> dict:
    """The content of reference.json; `outputs` maps output name → [N] scores of rows the scorer had not seen."""
    columns = {feature["name"]: _feature(rows, feature) for feature in features}
    scores = {name: _number(np.asarray(values, dtype=float)) for name, values in outputs.items()}
    return {"apiVersion": "sluice/v1", "rows": len(rows), "features": columns, "outputs": scores}


def _feature(rows: list[dict], feature: dict) -> dict:
    values = [row[feature["name"]] for row in rows]
    present = [value for value in values if value is not None]
    missing = len(values) - len(present)
    if feature["type"] == "number":
        numbers = _number(np.array(present, dtype=float))
        head = {key: numbers.pop(key) for key in ("type", "edges", "counts")}
        return {**head, "missing": missing, **numbers}
    if feature["type"] == "boolean":
        return {"type": "boolean", "counts": {"true": sum(present), "false": len(present) - sum(present)}, "missing": missing}
    return {"type": "category", "counts": {v: present.count(v) for v in feature["values"]}, "missing": missing}


def _number(values: np.ndarray) -> dict:
    """Bins by deciles: bin i holds edges[i-1] <= value < edges[i].

    Equal deciles are merged, and an edge at the minimum is dropped since nothing could lie below it.
    """
    deciles = np.unique(np.round(np.quantile(values, np.arange(1, 10) / 10), 6))
    edges = deciles[deciles > values.min()]
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    summary = {"min": values.min(), "max": values.max(), "mean": values.mean()}
    rounded = {key: round(float(value), 6) for key, value in summary.items()}
    return {"type": "number", "edges": edges.tolist(), "counts": counts.tolist(), **rounded}
