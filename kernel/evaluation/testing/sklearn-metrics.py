"""Writes sklearn-metrics.json beside it: random rows, and scikit-learn's metrics over them.

Needs the packages of models/train/requirements.txt. The seed is fixed.
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics

random = np.random.default_rng(20261121)


def rounded(numbers: np.ndarray, digits: int = 3) -> list[float]:
    return [round(float(number), digits) for number in numbers]


def regression(truth: list[float], predicted: list[float]) -> dict:
    half = 1.5
    lower, upper = [[round(value + sign * half, 3) for value in predicted] for sign in (-1, 1)]
    inside = np.mean([low <= value <= high for low, value, high in zip(lower, truth, upper)])
    return {
        "truth": truth,
        "predicted": predicted,
        "lower": lower,
        "upper": upper,
        "metrics": {
            "mae": metrics.mean_absolute_error(truth, predicted),
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "mape": metrics.mean_absolute_percentage_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
            "coverage": float(inside),
        },
    }


def classification(truth: list[int], scores: list[float]) -> dict:
    predicted = [int(score >= 0.5) for score in scores]
    return {
        "truth": truth,
        "score": scores,
        "predicted": predicted,
        "metrics": {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "f1": metrics.f1_score(truth, predicted, zero_division=0),
            "log_loss": metrics.log_loss(truth, scores, labels=[0, 1]),
            "roc_auc": metrics.roc_auc_score(truth, scores),
        },
    }


price = random.gamma(4, 3, 40)
chance = random.beta(2, 3, 60)
came = (random.random(60) < chance).astype(int)
cases = {
    "regression": [
        regression(rounded(price), rounded(price + random.normal(0, 2, 40))),
        regression([0.0, 2.0, -4.0], [0.1, 2.5, -3.0]),  # a truth of 0: mape
        regression([7.0, 7.0, 7.0], [7.0, 7.5, 6.0]),  # all the same: r2
        regression([7.0, 7.0], [7.0, 7.0]),
    ],
    "classification": [
        classification(came.tolist(), rounded(chance, 2)),  # two digits: ties
        classification([0, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]),  # surely wrong: log loss
        classification([0, 1, 0], [0.1, 0.2, 0.3]),  # nothing predicted: f1
    ],
}
file = Path(__file__).with_suffix(".json")
file.write_text(json.dumps({"scikit-learn": __import__("sklearn").__version__, **cases}) + "\n")
