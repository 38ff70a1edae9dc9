"""Trains house-price/1.0.0 and writes the release."""

import numpy as np
from sklearn.model_selection import KFold, train_test_split

import encode
import golden
import house_golden
import release
import sources
from features import of_type, placed, raw_rows
from house_features import COLUMNS, FEATURES, OUTPUTS
from house_metrics import linear_mae, repeated_coverage, scores
from house_model import SEED, PriceModel, fit, graph
from sluice_package import frame, profile

VERSION = "1.0.0"
PLACED = placed(FEATURES, {"number": "numeric", "boolean": "flags"})
HEAD = {
    "apiVersion": "sluice/v1", "model": "house-price", "version": VERSION,
    "description": "What a house in Windsor, Ontario, would have sold for in 1987, with a 90 % interval",
}  # fmt: skip
TAIL = {"batching": {"maxSize": 64, "maxDelayMs": 0}, "provenance": release.provenance("house_price.py", sources.WINDSOR)}
# CAD. Sums of 400 float32 leaves are off by some 4e-7 of the price (seen: 0.06 at 170,000); a row on
# the wrong side of one split would be off by far more.
TOLERANCE = 0.2


def named(seen: dict[str, np.ndarray]) -> list[dict]:
    """The manifest's outputs from CAD [N] per tensor."""
    rows = zip(*(seen[name].tolist() for name in ("y", "q05", "q95")))
    return [{"price": y, "interval": {"lower": low, "upper": high}} for y, low, high in rows]


def answers(model: PriceModel, rows: list[dict]) -> list[dict]:
    return named(model.predict(frame(rows, FEATURES)))


def out_of_fold(rows: list[dict], price: np.ndarray) -> np.ndarray:
    """Estimates in CAD [N], each by a model that did not see the sale."""
    result, table = np.empty(len(rows)), frame(rows, FEATURES)
    for train, held in KFold(5, shuffle=True, random_state=SEED).split(table):
        result[held] = fit(table.iloc[train], price[train]).predict(table.iloc[held])["y"]
    return result


def publish(model: PriceModel, train: tuple, held: tuple, figures: dict) -> None:
    """Writes all files; `train` and `held` are (rows, prices)."""
    folder = release.packages() / "house-price" / VERSION
    chosen = house_golden.cases(*held)
    cases = golden.feature_cases(chosen, answers(model, list(chosen.values())), FEATURES, TOLERANCE)
    sizes = len(of_type(FEATURES, "number")), len(of_type(FEATURES, "boolean"))
    release.write(folder, graph(model, *sizes), cases, f"house-price-{VERSION}.md", figures)
    reference = profile(train[0], FEATURES, {"price": out_of_fold(*train)})
    release.write_manifest(folder, {**HEAD, "features": PLACED, "outputs": OUTPUTS, **TAIL}, reference)


def verify(model: PriceModel, rows: list[dict]) -> None:
    """Golden cases, then the given rows, through the written files."""
    folder = release.packages() / "house-price" / VERSION
    print("  golden cases hold, off by at most", golden.check_features(folder), "CAD")
    skew = golden.deviation(answers(model, rows), encode.predict(folder, rows))
    assert skew < TOLERANCE, skew
    print(f"  {len(rows)} sales off by at most", skew, "CAD")
    print("  time:", release.timing(folder, encode.tensors(rows, PLACED, encode.session(folder).get_inputs())))


def main() -> None:
    table = sources.windsor_sales()
    rows, price = raw_rows(table, FEATURES, COLUMNS), table["price"].to_numpy()
    parts = train_test_split(np.arange(len(rows)), test_size=0.25, random_state=SEED)
    train, held = (([rows[i] for i in part], price[part]) for part in parts)
    frames = frame(train[0], FEATURES), frame(held[0], FEATURES)
    model = fit(frames[0], train[1])
    again, spread = repeated_coverage(frame(rows, FEATURES), price)
    figures = {
        **scores(held[1], model.predict(frames[1])), "n_train": len(train[0]), "n_held": len(held[0]),
        "linear": linear_mae(frames[0], train[1], frames[1], held[1]), "again": again, "spread": spread,
        "median": float(np.abs(np.median(train[1]) - held[1]).mean()), "widened": float(np.exp(model.margin) - 1),
    }  # fmt: skip
    print("house-price", VERSION, figures)
    publish(model, train, held, figures)
    verify(model, rows)


if __name__ == "__main__":
    main()
