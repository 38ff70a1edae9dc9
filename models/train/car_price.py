"""Trains car-price/1.0.0 and writes the package, with sluice_package.py as a data scientist would."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import cross_val_predict, train_test_split

import encode
import golden
import release
import sources
from car_catalogue import Catalogue
from car_features import AIR_BAGS, FEATURES, OUTPUTS, PARAMETERS, RULES
from car_metrics import estimates, repeated, scores, simple_maes
from car_model import fit, pipeline
from sluice_package import answers, frame, write_package

VERSION, SEED = "1.0.0", 7
DESCRIPTION = "What a new car cost in the United States in 1993, with a 90 % interval"
# USD: half of what prices are rounded to, and what float32 costs.
TOLERANCE = 0.55
UNKNOWN = {"manufacturer": "Trabant", "model": "601", "vehicle": "Trabant 601", "horsepower": 30}


def raw_rows(table: pd.DataFrame) -> list[dict]:
    """Each car as a request, with the vehicle beside it."""
    names = [(each.Manufacturer, each.Model, f"{each.Manufacturer} {each.Model}") for each in table.itertuples()]
    values = zip(names, table["Horsepower"].tolist(), table["AirBags"].map(AIR_BAGS), table["Man.trans.avail"] == "Yes")
    keys = [feature["name"] for feature in FEATURES]
    return [dict(zip(keys, [*name, power, bags, bool(manual)])) for name, power, bags, manual in values]


def catalogue_of(table: pd.DataFrame) -> Catalogue:
    """Weight, wheelbase, width and miles a gallon of every vehicle, and which of the six types it is."""
    types = pd.get_dummies(table["Type"], dtype=float)
    facts = pd.concat([table[["Weight", "Wheelbase", "Width", "MPG.city"]], types], axis=1)
    return Catalogue((table["Manufacturer"] + " " + table["Model"]).tolist(), facts.to_numpy(dtype=np.float32))


@dataclass(frozen=True)
class Part:
    """Cars as request rows, and what each cost in USD."""

    rows: list[dict]
    price: np.ndarray

    @property
    def frame(self) -> pd.DataFrame:
        return frame(self.rows, FEATURES)


def is_wide(seen: dict[str, np.ndarray]) -> np.ndarray:
    """Whether the rule on the interval refuses [N]."""
    return seen["q95"] - seen["q05"] > PARAMETERS["max_width"]


def chosen(rows: list[dict], seen: dict[str, np.ndarray]) -> tuple[dict, dict]:
    """Golden cases from cheap to dear as far as they are answered, and refusals."""
    order, wide = np.argsort(seen["y"], kind="stable"), is_wide(seen)
    answered = [rows[i] for i in order if not wide[i]]
    at = lambda share: answered[int(share * (len(answered) - 1))]  # noqa: E731
    fewest = {name: value for name, value in at(0.5).items() if name not in ("air_bags", "manual")}
    cases = {
        "the cheapest car": at(0), "a car in the lower quarter": at(0.25), "a car in the middle": at(0.5),
        "a car in the upper quarter": at(0.75), "the dearest car that is certain enough": at(1),
        "only the required features": fewest,
    }  # fmt: skip
    dear = rows[next(i for i in order if wide[i])]
    return cases, {"a vehicle that is not in the list": (UNKNOWN, "UNKNOWN_VEHICLE"), "a dear car": (dear, "TOO_UNCERTAIN")}


def evaluation(held: Part, seen: dict[str, np.ndarray]) -> dict:
    """Measured on what no rule refuses, as Sluice does."""
    told = ~is_wide(seen)
    measured = scores(held.price[told], {tensor: values[told] for tensor, values in seen.items()})
    metrics = {name: round(value, 4) for name, value in measured.items()}
    return {"rows": held.rows, "labels": held.price, "metrics": metrics, "gate": {"mae": "<= 4000", "coverage": ">= 0.8"}}


def figures(train: Part, held: Part, seen: dict[str, np.ndarray], catalogue: Catalogue) -> dict:
    """What the card says."""
    everything = Part(train.rows + held.rows, np.concatenate([train.price, held.price]))
    low, high = (float((seen[end] / seen["y"])[0]) for end in ("q05", "q95"))
    return {
        "n_train": len(train.rows), "n_held": len(held.rows), "refused": int(is_wide(seen).sum()), **PARAMETERS,
        "low": 1 - low, "high": high - 1, **scores(held.price, seen),
        **simple_maes(train.frame, train.price, held.frame, held.price),
        **repeated(catalogue, everything.frame, everything.price),
    }  # fmt: skip


def publish(pipelines: dict, catalogue: Catalogue, train: Part, held: Part) -> None:
    """Writes all files of the package."""
    seen = estimates(pipelines, held.frame)
    told = figures(train, held, seen, catalogue)
    print("car-price", VERSION, told)
    cases, refusals = chosen(held.rows, seen)
    write_package(
        release.packages() / "car-price" / VERSION, model="car-price", version=VERSION, description=DESCRIPTION,
        pipelines=pipelines, features=FEATURES, outputs=OUTPUTS, golden=cases, tolerance=TOLERANCE, refusals=refusals,
        rows=train.rows, scores={"price": cross_val_predict(pipeline(catalogue), train.frame, train.price, cv=10)},
        evaluation=evaluation(held, seen), card=release.card(f"car-price-{VERSION}.md", told),
        constants={"known_vehicles": catalogue.names}, parameters=PARAMETERS, rules=RULES,
        provenance=release.provenance("car_price.py", sources.CARS),
    )  # fmt: skip


def verify(pipelines: dict, rows: list[dict]) -> None:
    """The given rows through the written files; publishing runs the golden cases."""
    folder = release.packages() / "car-price" / VERSION
    skew = golden.deviation(answers(pipelines, FEATURES, OUTPUTS, rows), encode.predict(folder, rows))
    assert skew < TOLERANCE - 0.5, skew
    print(f"  {len(rows)} cars off by at most", skew, "USD before they are rounded")
    feeds = encode.tensors(rows, encode.manifest(folder)["features"], encode.session(folder).get_inputs())
    print("  time:", release.timing(folder, feeds))


def main() -> None:
    table = sources.cars_of_1993()
    rows, price, catalogue = raw_rows(table), table["Price"].to_numpy() * 1000, catalogue_of(table)
    parts = train_test_split(np.arange(len(rows)), test_size=0.25, random_state=SEED)
    train, held = (Part([rows[i] for i in part], price[part]) for part in parts)
    pipelines = fit(catalogue, train.frame, train.price)
    publish(pipelines, catalogue, train, held)
    verify(pipelines, rows)


if __name__ == "__main__":
    main()
