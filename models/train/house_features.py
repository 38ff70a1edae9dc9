"""The 11 features of a house, under plainer names than those of the raw table."""


def _number(name: str, description: str, **more) -> dict:
    return {"name": name, "type": "number", "description": description, "required": True, **more}


def _boolean(name: str, description: str, **more) -> dict:
    return {"name": name, "type": "boolean", "description": description, **more}


FEATURES = [
    _number("lot_size", "size of the lot", unit="square feet"),
    _number("bedrooms", "number of bedrooms"),
    _number("bathrooms", "number of full bathrooms"),
    _number("stories", "number of stories without the basement"),
    _number("garage_places", "number of cars the garage holds"),
    _boolean("driveway", "has a driveway; most houses have one", default=True),
    _boolean("recreation_room", "has a recreation room"),
    _boolean("full_basement", "has a full, finished basement"),
    _boolean("gas_hot_water", "heats water with gas"),
    _boolean("air_conditioning", "has central air conditioning"),
    _boolean("preferred_area", "lies in the neighbourhood that buyers prefer"),
]

COLUMNS = {
    "lot_size": "lotsize", "bedrooms": "bedrooms", "bathrooms": "bathrms", "stories": "stories",
    "garage_places": "garagepl", "driveway": "driveway", "recreation_room": "recroom",
    "full_basement": "fullbase", "gas_hot_water": "gashw", "air_conditioning": "airco",
    "preferred_area": "prefarea",
}  # fmt: skip

OUTPUTS = {
    "price": {"tensor": "y", "unit": "CAD"},
    "interval": {"lower": "q05", "upper": "q95", "level": 0.9, "unit": "CAD"},
}
