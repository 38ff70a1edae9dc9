"""How good prices and intervals are, on one held-out part and over many splits."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import ShuffleSplit

from house_model import fit


def scores(price: np.ndarray, seen: dict[str, np.ndarray]) -> dict[str, float]:
    """Errors in CAD, the share of prices inside the interval, and its mean width in CAD."""
    inside = (price >= seen["q05"]) & (price <= seen["q95"])
    return {
        "mae": float(np.abs(seen["y"] - price).mean()),
        "mape": float((np.abs(seen["y"] - price) / price).mean()),
        "covered": int(inside.sum()),
        "coverage": float(inside.mean()),
        "width": float((seen["q95"] - seen["q05"]).mean()),
    }


def linear_mae(train: pd.DataFrame, train_price: np.ndarray, held: pd.DataFrame, held_price: np.ndarray) -> float:
    """The usual simple model for this table: log price, linear in the features and the log of the lot size."""
    logged = [frame.assign(lot_size=np.log(frame["lot_size"])) for frame in (train, held)]
    model = LinearRegression().fit(logged[0], np.log(train_price))
    return float(np.abs(np.exp(model.predict(logged[1])) - held_price).mean())


def repeated_coverage(frame: pd.DataFrame, price: np.ndarray, splits: int = 20) -> tuple[float, float]:
    """Mean and spread of the coverage when the whole training is repeated on other random splits."""
    shares = []
    for train, held in ShuffleSplit(splits, test_size=0.25, random_state=11).split(frame):
        seen = fit(frame.iloc[train], price[train]).predict(frame.iloc[held])
        shares.append(scores(price[held], seen)["coverage"])
    return float(np.mean(shares)), float(np.std(shares))
