"""The features of a car in the price list of 1993, and what the release answers and refuses."""

AIR_BAGS = {"None": "none", "Driver only": "driver", "Driver & Passenger": "driver and passenger"}

FEATURES = [
    {"name": "manufacturer", "type": "category", "maxLength": 40, "description": "who makes it", "required": True},
    {
        "name": "model", "type": "category", "maxLength": 40, "description": "what its maker calls it: Passat, 240",
        "required": True, "coerce": True,
    },
    {"name": "vehicle", "type": "category", "derived": 'manufacturer + " " + model', "description": "both; known or refused"},
    {
        "name": "horsepower", "type": "number", "unit": "hp", "minimum": 30, "maximum": 600,
        "description": "of the engine that is asked for", "required": True,
    },
    {"name": "air_bags", "type": "category", "values": [*AIR_BAGS.values()], "default": "none", "description": "for whom"},
    {"name": "manual", "type": "boolean", "description": "can be had with a manual transmission"},
]  # fmt: skip

OUTPUTS = {
    "price": {"tensor": "y", "unit": "USD", "round": 0},
    "interval": {"lower": "q05", "upper": "q95", "level": 0.9, "unit": "USD", "round": 0},
}

# USD from end to end: wider says little that a look at the car would not.
PARAMETERS = {"max_width": 30000}

RULES = [
    {
        "when": "!(vehicle in known_vehicles)", "code": "UNKNOWN_VEHICLE",
        "message": "No price for vehicle '${vehicle}': it is not in the list of 1993",
    },
    {
        "on": "output", "when": "outputs.interval.upper - outputs.interval.lower > parameters.max_width",
        "code": "TOO_UNCERTAIN",
        "message": "Anything from ${outputs.interval.lower} to ${outputs.interval.upper} USD: ask a dealer",
    },
]  # fmt: skip
