"""Trains a scikit-learn pipeline, and writes it for MLServer and as a release for Sluice.

Usage: train.py <folder for MLServer> <folder of the release>
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from string import Template

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
NUMBERS = ["age", "bmi", "bp", "triglycerides", "glucose"]
GOLDEN_CASES = 5


def read_data() -> tuple[pd.DataFrame, pd.Series]:
    """Raw rows, as callers will send them, and what became of each."""
    data = load_diabetes(as_frame=True, scaled=False)
    rows = data.data.rename(columns={"s5": "triglycerides", "s6": "glucose"})
    rows["sex"] = rows["sex"].map({1: "a", 2: "b"})
    outcome = (data.target > data.target.median()).map({True: "fast", False: "slow"})
    return rows[[*NUMBERS, "sex"]], outcome


def train(rows: pd.DataFrame, outcome: pd.Series) -> Pipeline:
    columns = [("scale", StandardScaler(), NUMBERS), ("sex", OneHotEncoder(), ["sex"])]
    trees = GradientBoostingClassifier(n_estimators=60, max_depth=2, random_state=0)
    return Pipeline([("columns", ColumnTransformer(columns)), ("trees", trees)]).fit(rows, outcome)


def golden_case(pipeline: Pipeline, number: int, row: pd.Series) -> str:
    """One line of golden.jsonl: a raw row, and what scikit-learn itself says of it."""
    frame = pd.DataFrame([row])
    probability = float(pipeline.predict_proba(frame)[0][0])
    outputs = {"progression": str(pipeline.predict(frame)[0]), "fast_probability": probability}
    features = {**{name: float(row[name]) for name in NUMBERS}, "sex": row["sex"]}
    case = {"name": f"held-out row {number}", "features": features, "outputs": outputs, "tolerance": 1e-9}
    return json.dumps(case)


def main(server: Path, release: Path) -> None:
    rows, outcome = read_data()
    train_rows, test_rows, train_outcome, test_outcome = train_test_split(
        rows, outcome, test_size=0.25, random_state=0
    )
    pipeline = train(train_rows, train_outcome)
    for folder in (server, release):
        folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline, server / "model.joblib")
    for name in ("settings.json", "model-settings.json"):
        shutil.copy(HERE / name, server / name)
    cases = [golden_case(pipeline, n, row) for n, (_, row) in enumerate(test_rows.head(GOLDEN_CASES).iterrows())]
    (release / "golden.jsonl").write_text("\n".join(cases) + "\n")
    identity = "sha256:" + hashlib.sha256((server / "model.joblib").read_bytes()).hexdigest()
    manifest = Template((HERE / "sluice.yaml").read_text()).substitute(identity=identity)
    (release / "sluice.yaml").write_text(manifest)
    print(f"{pipeline.score(test_rows, test_outcome):.0%} of {len(test_rows)} held-out rows are right")


main(Path(sys.argv[1]), Path(sys.argv[2]))
