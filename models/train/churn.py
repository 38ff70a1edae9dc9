"""Trains churn/1.0.0 and churn/1.1.0, and writes them and churn/2.0.0."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import Pipeline

import churn_golden
import encode
import golden
import release
import sources
from churn_baseline import baseline
from churn_features import COLUMNS, FEATURES, OUTPUTS, features_of, rows_of
from churn_metrics import GATE, by_group, declared, gains, scores
from churn_model import SEED, SETTINGS, graph, pipeline, placed_features
from features import raw_rows
from sluice_package import evaluation_rows, frame, json_lines, profile

HEAD = {"apiVersion": "sluice/v1", "model": "churn"}
TAIL = {"batching": {"maxSize": 64, "maxDelayMs": 0}, "provenance": release.provenance("churn.py", sources.TELCO)}
# Held-out customers in evaluation.jsonl: enough to measure, few enough to keep.
EVALUATED = 400
DESCRIPTION = "Probability that a customer leaves within the next month"


@dataclass(frozen=True)
class Part:
    """Customers as request rows, and whether each left (1) or stayed (0)."""

    rows: list[dict]
    left: np.ndarray

    @property
    def frame(self):
        return frame(self.rows, FEATURES)


def probability(fitted: Pipeline, rows: list[dict]) -> np.ndarray:
    """P(leaves) [N] as scikit-learn computes it from raw rows."""
    return fitted.predict_proba(frame(rows, FEATURES))[:, 1]


def named(values: np.ndarray) -> list[dict]:
    """The manifest's outputs from P(leaves) [N]."""
    return [{"churn_probability": float(p), "churn": "yes" if p >= 0.5 else "no"} for p in values]


def publish(version: str, fitted: Pipeline, train: Part, held: Part, figures: dict) -> None:
    """Writes all files of one release."""
    chosen = churn_golden.cases(held.rows, probability(fitted, held.rows))
    expected = named(probability(fitted, list(chosen.values())))
    asked = dict(zip(chosen, rows_of(version, list(chosen.values()))))
    cases = golden.feature_cases(asked, expected, features_of(version), tolerance=1e-5)
    unseen = cross_val_predict(pipeline(version), train.frame, train.left, method="predict_proba")[:, 1]
    reference = profile(rows_of(version, train.rows), features_of(version), {"churn_probability": unseen})
    head = {**HEAD, "version": version, "description": DESCRIPTION, "features": placed_features(version)}
    folder = release.packages() / "churn" / version
    release.write(folder, graph(version, fitted), cases, f"churn-{version}.md", figures)
    measured = evaluate(folder, version, fitted, held) if version == "2.0.0" else {}
    release.write_manifest(folder, {**head, "outputs": OUTPUTS, **measured, **TAIL}, reference)


def evaluate(folder: Path, version: str, fitted: Pipeline, held: Part) -> dict:
    """Writes evaluation.jsonl, the first of the held-out customers; its part of the manifest."""
    rows, truth = held.rows[:EVALUATED], held.left[:EVALUATED]
    lines = evaluation_rows(rows_of(version, rows), np.where(truth == 1, "yes", "no"), features_of(version))
    (folder / "evaluation.jsonl").write_text(json_lines(lines))
    metrics = declared(truth, probability(fitted, rows))
    return {"evaluation": {"dataset": "evaluation.jsonl", "metrics": metrics, "gate": GATE}}


def verify(version: str, fitted: Pipeline, held: Part) -> None:
    """Golden cases, then every held-out row and a spoilt copy of it, through the written files."""
    folder = release.packages() / "churn" / version
    print("  golden cases hold, off by at most", golden.check_features(folder))
    rows = held.rows + churn_golden.spoilt(held.rows)
    skew = golden.deviation(named(probability(fitted, rows)), encode.predict(folder, rows_of(version, rows)))
    assert skew < 1e-5, skew
    print(f"  {len(rows)} more rows off by at most", skew)
    feeds = encode.tensors(rows_of(version, held.rows), placed_features(version), encode.session(folder).get_inputs())
    print("  time:", release.timing(folder, feeds))


def split() -> tuple[Part, Part, np.ndarray]:
    """Three quarters to train on, a quarter held out, and the baseline's probabilities for the latter."""
    table = sources.telco_customers()
    left = (table["churn"] == "Yes").to_numpy().astype(int)
    rows = raw_rows(table, FEATURES, COLUMNS)
    parts = train_test_split(np.arange(len(table)), test_size=0.25, stratify=left, random_state=SEED)
    train, held = (Part([rows[i] for i in part], left[part]) for part in parts)
    return train, held, baseline(table, *parts, left)


def main() -> None:
    train, held, simple = split()
    models = {version: pipeline(version).fit(train.frame, train.left) for version in SETTINGS}
    seen = {version: probability(model, held.rows) for version, model in models.items()}
    groups = {label: np.array([r[f] == v for r in held.rows]) for label, f, v in churn_golden.GROUPS}
    shared = {"n_train": len(train.rows), "n_held": len(held.rows), "rate": held.left.mean(), "stay": 1 - held.left.mean()}
    shared |= {"base": scores(held.left, simple), **gains(held.left, seen["1.0.0"], seen["1.1.0"])}
    print("churn, logistic regression:", shared["base"])
    for version, model in models.items():
        own = scores(held.left, seen[version])
        print(f"churn {version}:", own)
        table = by_group(held.left, seen[version], groups)
        publish(version, model, train, held, {**shared, **own, "groups": table})
        verify(version, model, held)


if __name__ == "__main__":
    main()
