"""Which customers become golden cases, and which rows are spoilt on purpose to look for skew."""

import random

import numpy as np

REQUIRED = ("tenure", "monthly_charges", "contract")
GROUPS = [
    ("women", "gender", "Female"),
    ("men", "gender", "Male"),
    ("under 65", "senior_citizen", False),
    ("65 or older", "senior_citizen", True),
]


def cases(rows: list[dict], probability: np.ndarray) -> dict[str, dict]:
    """Case name → features: customers across the range of scores (`probability` [N]), then the edges."""
    order = np.argsort(probability, kind="stable")
    at = lambda share: rows[order[int(share * (len(order) - 1))]]  # noqa: E731
    surest = at(1)
    return {
        "the customer least likely to leave": at(0),
        "a customer in the lower quarter": at(0.25),
        "a customer in the middle": at(0.5),
        "a customer in the upper quarter": at(0.75),
        "a customer among the upper tenth": at(0.9),
        "the customer most likely to leave": surest,
        "a customer in the first month, without a total": next(r for r in rows if r["total_charges"] is None),
        "only the required features": {name: surest[name] for name in REQUIRED},
        "a way to pay that is not in the list": {**at(0.25), "payment_method": "Direct debit"},
    }


def spoilt(rows: list[dict]) -> list[dict]:
    """The rows again, each optional feature missing in one row of five and some payment methods unknown."""
    draw = random.Random(7)
    kept = [{n: v for n, v in row.items() if n in REQUIRED or draw.random() > 0.2} for row in rows]
    return [{**row, "payment_method": "Direct debit"} if draw.random() < 0.1 else row for row in kept]
