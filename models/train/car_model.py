"""The car price model: a linear model of the log price, and an interval around it."""

from copy import deepcopy

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import GammaRegressor
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from car_catalogue import Catalogue

LEVEL = 0.9
# Chosen by repeated five-fold cross-validation; anything from 0.003 to 0.03 is as good.
SHRINKAGE = 0.01


def pipeline(catalogue: Catalogue) -> Pipeline:
    """Frame of features → USD [N]. `model` counts through the vehicle alone."""
    columns = make_column_transformer(
        (StandardScaler(), ["horsepower"]),
        (make_pipeline(catalogue, StandardScaler()), ["vehicle"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["manufacturer", "air_bags"]),
        ("passthrough", ["manual"]),
    )
    return make_pipeline(columns, GammaRegressor(alpha=SHRINKAGE, max_iter=10_000))


def fit(catalogue: Catalogue, frame: pd.DataFrame, price: np.ndarray) -> dict[str, Pipeline]:
    """Output tensor → pipeline: the price, and both ends of the interval.

    The ends lie the same share below and above the price, so wide that they hold LEVEL of the prices that
    cross-validation on the training part estimates (split conformal prediction, with ten folds in place of a split).
    """
    unseen = cross_val_predict(pipeline(catalogue), frame, price, cv=10)
    off = np.abs(np.log(price / unseen))
    margin = np.quantile(off, min(1.0, LEVEL * (1 + 1 / len(off))), method="higher")
    middle = pipeline(catalogue).fit(frame, price)
    return {"y": middle, "q05": moved(middle, -margin), "q95": moved(middle, margin)}


def moved(fitted: Pipeline, by: float) -> Pipeline:
    """The same model, its log price so much higher."""
    other = deepcopy(fitted)
    other[-1].intercept_ += by
    return other
