"""Named features: raw table → rows as a caller would send them → the frame that scikit-learn sees."""

import pandas as pd

MISSING = {"number": float("nan"), "category": "", "boolean": False}


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


def frame(rows: list[dict], features: list[dict]) -> pd.DataFrame:
    """[N, features] with missing and null values replaced by the feature's default, numbers as float32.

    Numbers are rounded to float32 before anything is learnt, because that is what a tensor carries:
    a split point that float64 could tell apart and float32 could not would be skew.
    """
    return pd.DataFrame({feature["name"]: _column(rows, feature) for feature in features})


def _column(rows: list[dict], feature: dict) -> pd.Series:
    default = feature.get("default", MISSING[feature["type"]])
    values = [row.get(feature["name"]) for row in rows]
    filled = [default if value is None else value for value in values]
    return pd.Series(filled, dtype=object if feature["type"] == "category" else "float32")


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
