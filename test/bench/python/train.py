"""Makes ../model/: trees.onnx and rows.json, the first rows of the data it was trained on.

    node_modules/.cache/sluice-bench/<venv>/bin/python test/bench/python/train.py

Gradient boosting, 100 trees of depth 3, on scikit-learn's breast cancer data: 30 numbers a row. Both files are
committed; with the packages of requirements.txt they come out the same, byte by byte.
"""

import json
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier

ROWS = 32
FOLDER = Path(__file__).parent.parent / "model"


def main() -> None:
    data = load_breast_cancer()
    values = data.data.astype(np.float32)
    classifier = GradientBoostingClassifier(n_estimators=100, max_depth=3, random_state=0).fit(values, data.target)
    model = to_onnx(
        classifier,
        name="trees",
        initial_types=[("features", FloatTensorType([None, values.shape[1]]))],
        options={"zipmap": False},
        target_opset={"": 17, "ai.onnx.ml": 3},
    )
    (FOLDER / "trees.onnx").write_bytes(model.SerializeToString())
    names = [name.replace(" ", "_") for name in data.feature_names]
    rows = data.data[:ROWS].tolist()
    lines = ",\n".join(json.dumps(row) for row in rows)
    (FOLDER / "rows.json").write_text(f'{{"names": {json.dumps(names)},\n"rows": [\n{lines}\n]}}\n')


main()
