"""How good a churn model is on customers it has not seen."""

import numpy as np
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, precision_score, recall_score, roc_auc_score

GATE = {"roc_auc": ">= 0.8", "log_loss": "<= 0.45"}


def scores(truth: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """`truth` [N] of 0 and 1, `probability` [N] of 1; decisions at a cut-off of 0.5."""
    decided = probability >= 0.5
    figures = {
        "auc": roc_auc_score(truth, probability),
        "log_loss": log_loss(truth, probability),
        "brier": brier_score_loss(truth, probability),
        "accuracy": accuracy_score(truth, decided),
        "precision": precision_score(truth, decided, zero_division=0),
        "recall": recall_score(truth, decided),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def declared(truth: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """What the manifest says, under Sluice's names for it."""
    measured = scores(truth, probability)
    return {"roc_auc": measured["auc"], "log_loss": measured["log_loss"], "accuracy": measured["accuracy"]}


def gains(truth: np.ndarray, old: np.ndarray, new: np.ndarray, draws: int = 2000) -> dict[str, str]:
    """How AUC and log loss change from old to new [N], as text with a 95 % interval.

    Paired bootstrap: both are scored on the same resampled customers.
    """
    random = np.random.default_rng(7)
    drawn = [random.integers(0, len(truth), len(truth)) for _ in range(draws)]
    measures = {"auc_gain": roc_auc_score, "log_loss_gain": log_loss}
    return {name: _gain(measure, truth, old, new, drawn) for name, measure in measures.items()}


def _gain(measure, truth: np.ndarray, old: np.ndarray, new: np.ndarray, drawn: list[np.ndarray]) -> str:
    change = lambda some: measure(truth[some], new[some]) - measure(truth[some], old[some])  # noqa: E731
    low, high = np.quantile([change(some) for some in drawn], [0.025, 0.975])
    return f"{change(slice(None)):+.3f} (95 % bootstrap interval {low:+.3f} to {high:+.3f})"


def by_group(truth: np.ndarray, probability: np.ndarray, groups: dict[str, np.ndarray]) -> str:
    """A markdown table: for each group (name → mask [N]) its size, churn, share flagged at 0.5, and AUC."""
    lines = ["| group | customers | churned | flagged | AUC |", "|---|---|---|---|---|"]
    for name, mask in groups.items():
        auc = roc_auc_score(truth[mask], probability[mask])
        flagged = (probability[mask] >= 0.5).mean()
        lines.append(f"| {name} | {mask.sum()} | {truth[mask].mean():.1%} | {flagged:.1%} | {auc:.3f} |")
    return "\n".join(lines)
