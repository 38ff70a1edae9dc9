"""Trains a pipeline and writes its package beside this file. Usage: diabetes.py 1.0.0, or diabetes.py 1.1.0"""

import sys
from pathlib import Path

from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from sluice_package import frame, write_package

version = sys.argv[1]
gate = "<= 50" if version == "1.0.0" else "<= 48"
features = [
    {"name": "age", "type": "number", "unit": "years", "required": True},
    {"name": "sex", "type": "category", "values": ["a", "b"], "required": True},
    {"name": "bmi", "type": "number", "unit": "kg/m²", "required": True},
    {"name": "blood_pressure", "type": "number", "unit": "mm Hg", "required": True},
]
if version != "1.0.0":
    features.append({"name": "triglycerides", "type": "number", "unit": "log mg/dl", "default": 4.6})
numbers = [feature["name"] for feature in features if feature["type"] == "number"]

data = load_diabetes(as_frame=True, scaled=False)
table = data.data.rename(columns={"bp": "blood_pressure", "s5": "triglycerides"})
table["sex"] = table["sex"].map({1: "a", 2: "b"})
rows = table[[feature["name"] for feature in features]].to_dict("records")
train, held, target, truth = train_test_split(rows, data.target, test_size=0.25, random_state=0)

columns = ColumnTransformer([("numbers", StandardScaler(), numbers), ("sex", OneHotEncoder(), ["sex"])])
pipeline = make_pipeline(columns, Ridge()).fit(frame(train, features), target)
error = round(mean_absolute_error(truth, pipeline.predict(frame(held, features))), 2)
unseen = cross_val_predict(pipeline, frame(train, features), target)

write_package(
    Path(__file__).parent / "diabetes" / version,
    model="diabetes",
    version=version,
    description="How far diabetes has come a year later, from 25 to 346",
    pipelines={"y": pipeline},
    features=features,
    outputs={"progression": {"tensor": "y", "round": 1}},
    golden={f"held-out patient {number}": held[number] for number in range(3)},
    tolerance=0.06,
    refusals={"a child": ({**held[0], "age": 9}, "TOO_YOUNG")},
    rules=[{"when": "age < 18", "code": "TOO_YOUNG", "message": "trained on adults, asked about ${age} years"}],
    rows=train,
    scores={"progression": unseen},
    evaluation={"rows": held, "labels": truth, "metrics": {"mae": error}, "gate": {"mae": gate}},
)
print(f"diabetes {version}: off by {error} on average, on {len(held)} patients that it had not seen")
