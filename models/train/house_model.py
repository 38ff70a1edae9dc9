"""The house price model twice: in scikit-learn and as an ONNX graph. Everything is learnt on log prices."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import cross_val_predict

import export
from trees import ensemble

SEED = 7
LEVEL = 0.9
LOW, HIGH = (1 - LEVEL) / 2, (1 + LEVEL) / 2
# Stumps: with 400 sales deeper trees did worse in cross-validation on the training part.
STUMPS = {"max_leaf_nodes": 2, "min_samples_leaf": 20, "early_stopping": False, "random_state": SEED}


def estimators() -> dict[str, HistGradientBoostingRegressor]:
    """Output tensor → estimator of the log price."""
    quantile = {"loss": "quantile", "max_iter": 400, "learning_rate": 0.05, **STUMPS}
    return {
        "y": HistGradientBoostingRegressor(max_iter=200, learning_rate=0.1, **STUMPS),
        "q05": HistGradientBoostingRegressor(quantile=LOW, **quantile),
        "q95": HistGradientBoostingRegressor(quantile=HIGH, **quantile),
    }


@dataclass(frozen=True)
class PriceModel:
    """Fitted estimators and the margin (in log price) by which the interval is widened on both sides."""

    fitted: dict[str, HistGradientBoostingRegressor]
    margin: float

    def predict(self, frame: pd.DataFrame) -> dict[str, np.ndarray]:
        """CAD [N] for y, q05 and q95; the interval always holds the estimate."""
        logs = {name: model.predict(frame) for name, model in self.fitted.items()}
        low = np.minimum(logs["q05"] - self.margin, logs["y"])
        high = np.maximum(logs["q95"] + self.margin, logs["y"])
        return {"y": np.exp(logs["y"]), "q05": np.exp(low), "q95": np.exp(high)}


def fit(frame: pd.DataFrame, price: np.ndarray) -> PriceModel:
    """Quantile trees alone cover too little of what they have not seen, so the interval is widened.

    The margin is the conformal one (Romano, Patterson, Candès 2019: conformalized quantile
    regression), with out-of-fold predictions of the training part in place of a part set aside.
    """
    log = np.log(price)
    low, high = (cross_val_predict(estimators()[name], frame, log, cv=10) for name in ("q05", "q95"))
    outside = np.maximum(low - log, log - high)
    rank = min(1.0, LEVEL * (1 + 1 / len(log)))
    fitted = {name: model.fit(frame, log) for name, model in estimators().items()}
    return PriceModel(fitted, float(np.quantile(outside, rank, method="higher")))


def graph(model: PriceModel, numbers: int, flags: int) -> bytes:
    """numeric FLOAT [N, numbers], flags BOOL [N, flags] → y, q05, q95, each FLOAT [N, 1] in CAD.

    A tree ensemble is summed near 0 and scaled afterwards (exp(a + b) = exp(a)·exp(b)), as float32
    near 11, the size of a log price, would cost a tenth of a dollar.
    """
    nodes = [
        export.node("Cast", ["flags"], ["switches"], to=export.FLOAT),
        export.node("Concat", ["numeric", "switches"], ["features"], axis=1),
    ]
    for name, fitted in model.fitted.items():
        nodes += [export.regressor_trees(fitted, "features", f"{name}_trees"), *_priced(name)]
    nodes += [
        export.node("Identity", ["y_price"], ["y"]),
        export.node("Min", ["q05_price", "y_price"], ["q05"]),
        export.node("Max", ["q95_price", "y_price"], ["q95"]),
    ]
    inputs = [export.tensor("numeric", export.FLOAT, numbers), export.tensor("flags", export.BOOL, flags)]
    outputs = [export.tensor(name, export.FLOAT, 1) for name in model.fitted]
    return export.model_bytes("house-price", nodes, inputs, outputs, export.constants(**_scales(model)))


def _priced(name: str) -> list:
    """{name}_trees, relative log price → {name}_price, CAD."""
    return [
        export.node("Exp", [f"{name}_trees"], [f"{name}_ratio"]),
        export.node("Mul", [f"{name}_ratio", f"{name}_scale"], [f"{name}_price"]),
    ]


def _scales(model: PriceModel) -> dict[str, float]:
    """CAD at which each ensemble starts, with the margin worked in."""
    shift = {"y": 0.0, "q05": -model.margin, "q95": model.margin}
    return {f"{name}_scale": float(np.exp(ensemble(m)["base"] + shift[name])) for name, m in model.fitted.items()}
