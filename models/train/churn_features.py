"""The 19 features of a telephone and internet customer."""

YES_NO_PHONE = ["No phone service", "No", "Yes"]
YES_NO_INTERNET = ["No internet service", "No", "Yes"]
CONTRACTS = ["Month-to-month", "One year", "Two year"]
PAYMENTS = ["Electronic check", "Mailed check", "Bank transfer (automatic)", "Credit card (automatic)"]


def _number(name: str, unit: str, description: str, **more) -> dict:
    return {"name": name, "type": "number", "unit": unit, "description": description, **more}


def _boolean(name: str, description: str) -> dict:
    return {"name": name, "type": "boolean", "description": description}


def _category(name: str, values: list[str], description: str, **more) -> dict:
    return {"name": name, "type": "category", "values": values, "description": description, **more}


FEATURES = [
    _number("tenure", "months", "how long the customer has been one", required=True),
    _number("monthly_charges", "USD", "the current monthly bill", required=True),
    _number("total_charges", "USD", "billed so far; missing in the first month"),
    _boolean("senior_citizen", "65 or older"),
    _boolean("partner", "lives with a partner"),
    _boolean("dependents", "lives with dependents"),
    _boolean("phone_service", "has a telephone line"),
    _boolean("paperless_billing", "bills by e-mail only"),
    _category("gender", ["Female", "Male"], "as recorded by the company"),
    _category("multiple_lines", YES_NO_PHONE, "more than one telephone line"),
    _category("internet_service", ["No", "DSL", "Fiber optic"], "kind of internet access"),
    _category("online_security", YES_NO_INTERNET, "add-on"),
    _category("online_backup", YES_NO_INTERNET, "add-on"),
    _category("device_protection", YES_NO_INTERNET, "add-on"),
    _category("tech_support", YES_NO_INTERNET, "add-on"),
    _category("streaming_tv", YES_NO_INTERNET, "uses the line for television"),
    _category("streaming_movies", YES_NO_INTERNET, "uses the line for films"),
    _category("contract", CONTRACTS, "term of the contract", required=True),
    _category("payment_method", PAYMENTS, "how bills are paid", unknown="pass"),
]

# What a later version calls a feature. Training goes by the names above; callers and files by these.
RENAMED = {"2.0.0": {"monthly_charges": "monthly_charge"}}

COLUMNS = {feature["name"]: feature["name"].replace("_", "") for feature in FEATURES}

# One vocabulary for all categories, so that the graph needs a single look-up for a whole [N, 11]
# tensor. A word shared by several features ("No") has one code; trees split each column on its own.
# Within each feature the order is kept that its own list of values has.
VOCABULARY = [
    "No phone service", "No internet service", "No", "Yes", "DSL", "Fiber optic", "Female", "Male", *CONTRACTS, *PAYMENTS,
]  # fmt: skip

OUTPUTS = {
    "churn_probability": {"tensor": "probabilities", "column": 1},
    "churn": {
        "tensor": "probabilities", "column": 1, "labels": ["no", "yes"],
        "cutoff": {"parameter": "proba_cutoff", "default": 0.5},
    },
}  # fmt: skip


def features_of(version: str) -> list[dict]:
    """The features under the names of that version."""
    return [{**feature, "name": _name(version, feature["name"])} for feature in FEATURES]


def rows_of(version: str, rows: list[dict]) -> list[dict]:
    """The same for rows."""
    return [{_name(version, name): value for name, value in row.items()} for row in rows]


def _name(version: str, name: str) -> str:
    return RENAMED.get(version, {}).get(name, name)
