"""Which houses become golden cases."""

import numpy as np

MODEST = {"lot_size": 3000, "bedrooms": 2, "bathrooms": 1, "stories": 1, "garage_places": 0}


def cases(rows: list[dict], price: np.ndarray) -> dict[str, dict]:
    """Case name → features: held-out sales from cheap to dear (`price` [N] in CAD), then made-up edges."""
    order = np.argsort(price, kind="stable")
    at = lambda share: rows[order[int(share * (len(order) - 1))]]  # noqa: E731
    return {
        "the cheapest sale": at(0),
        "a sale in the lower quarter": at(0.25),
        "a sale in the middle": at(0.5),
        "a sale in the upper quarter": at(0.75),
        "the dearest sale": at(1),
        "only the required features, so with a driveway": MODEST,
        "the same, said to have no driveway": {**MODEST, "driveway": False},
        "a lot far larger than any seen": {**MODEST, "lot_size": 60000},
    }
