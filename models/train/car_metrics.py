"""How good prices and intervals of cars are, on one held-out part and when all is repeated."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import RepeatedKFold

from car_catalogue import Catalogue
from car_model import fit


def scores(price: np.ndarray, seen: dict[str, np.ndarray]) -> dict[str, float]:
    """Errors in USD and as a share of the price, and the share of prices inside the interval."""
    off = np.abs(seen["y"] - price)
    inside = (price >= seen["q05"]) & (price <= seen["q95"])
    return {"mae": float(off.mean()), "mape": float((off / price).mean()), "coverage": float(inside.mean())}


def estimates(pipelines: dict, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """USD [N] for y, q05 and q95."""
    return {tensor: fitted.predict(frame) for tensor, fitted in pipelines.items()}


def simple_maes(train: pd.DataFrame, price: np.ndarray, held: pd.DataFrame, truth: np.ndarray) -> dict[str, float]:
    """Of a line through the horsepower, and of the median whatever is asked."""
    line = LinearRegression().fit(train[["horsepower"]], price).predict(held[["horsepower"]])
    return {"line": float(np.abs(line - truth).mean()), "median": float(np.abs(np.median(price) - truth).mean())}


def repeated(catalogue: Catalogue, frame: pd.DataFrame, price: np.ndarray, times: int = 10) -> dict[str, float]:
    """Mean scores when the whole training is repeated on four of five parts, and tried on the fifth, so many times."""
    results = []
    for train, held in RepeatedKFold(n_splits=5, n_repeats=times, random_state=11).split(frame):
        parts = frame.iloc[train], price[train], frame.iloc[held], price[held]
        seen = estimates(fit(catalogue, *parts[:2]), parts[2])
        results.append({**scores(parts[3], seen), **simple_maes(*parts)})
    return {f"all_{name}": float(np.mean([each[name] for each in results])) for name in results[0]}
