"""Named features: raw table → rows as a caller would send them, and the tensors that they fill."""

import pandas as pd


def raw_rows(table: pd.DataFrame, features: list[dict], columns: dict[str, str]) -> list[dict]:
    """Each row as the JSON object of a request; `columns` maps feature name → raw column; NaN becomes null."""
    picked = [[_plain(value, feature["type"]) for value in table[columns[feature["name"]]]] for feature in features]
    names = [feature["name"] for feature in features]
    return [dict(zip(names, values)) for values in zip(*picked)]


def _plain(value, kind: str):
    if pd.isna(value):
        return None
    if kind == "boolean":
        return value in (1, "Yes", "yes")
    if kind == "number":
        return int(value) if float(value).is_integer() else float(value)
    return str(value)


def of_type(features: list[dict], *kinds: str) -> list[str]:
    """The names of the features of these types, in order."""
    return [feature["name"] for feature in features if feature["type"] in kinds]


def placed(features: list[dict], tensors: dict[str, str], as_index: bool = False) -> list[dict]:
    """The features with `tensor` and `column` set; `tensors` maps type → tensor name, columns count up per tensor."""
    used: dict[str, int] = {}
    result = []
    for feature in features:
        tensor = tensors[feature["type"]]
        coding = {"as": "index"} if as_index and feature["type"] == "category" else {}
        result.append({**feature, **coding, "tensor": tensor, "column": used.get(tensor, 0)})
        used[tensor] = used.get(tensor, 0) + 1
    return result
