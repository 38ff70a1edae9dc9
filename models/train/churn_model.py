"""The churn model twice: as a scikit-learn pipeline and as an ONNX graph made from the fitted pipeline."""

from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder

import export
from churn_features import FEATURES, VOCABULARY, features_of
from features import of_type, placed

SEED = 7
CATEGORIES = of_type(FEATURES, "category")
NUMERIC = of_type(FEATURES, "number", "boolean")
# 1.0.0 is a small first step; 1.1.0 was chosen by five-fold cross-validation on the training part alone; 2.0.0 is 1.1.0
# with another name for a feature.
SETTINGS = {
    "1.0.0": {"max_iter": 20, "learning_rate": 0.1, "max_leaf_nodes": 3},
    "1.1.0": {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 6},
    "2.0.0": {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 6},
}


def pipeline(version: str) -> Pipeline:
    """Frame of features → probabilities [N, 2]; unknown and missing categories are coded -1."""
    own = [feature["values"] for feature in FEATURES if feature["type"] == "category"]
    codes = own if version == "1.0.0" else [VOCABULARY] * len(CATEGORIES)
    coder = OrdinalEncoder(categories=codes, handle_unknown="use_encoded_value", unknown_value=-1)
    columns = make_column_transformer(("passthrough", NUMERIC), (coder, CATEGORIES))
    trees = HistGradientBoostingClassifier(**SETTINGS[version], early_stopping=False, random_state=SEED)
    return make_pipeline(columns, trees)


def placed_features(version: str) -> list[dict]:
    """1.0.0: all in one tensor, categories by index. Later: categories as strings in a tensor of their own."""
    if version == "1.0.0":
        return placed(FEATURES, dict.fromkeys(("number", "boolean", "category"), "features"), as_index=True)
    return placed(features_of(version), {"number": "numeric", "boolean": "numeric", "category": "categories"})


def graph(version: str, fitted: Pipeline) -> bytes:
    """Inputs as `placed_features` says → probabilities FLOAT [N, 2], columns P(stays), P(leaves)."""
    trees = export.classifier_trees(fitted[-1], "features", "probabilities")
    outputs = [export.tensor("probabilities", export.FLOAT, 2)]
    if version == "1.0.0":
        inputs = [export.tensor("features", export.FLOAT, len(FEATURES))]
        return export.model_bytes("churn", [trees], inputs, outputs)
    numeric = export.tensor("numeric", export.FLOAT, len(NUMERIC))
    categories = export.tensor("categories", export.STRING, len(CATEGORIES))
    return export.model_bytes("churn", [*_coded(), trees], [numeric, categories], outputs)


def _coded() -> list:
    """numeric FLOAT [N, 8] and categories STRING [N, 11] → features FLOAT [N, 19], by one look-up and one copy."""
    codes = [float(code) for code in range(len(VOCABULARY))]
    look_up = {"keys_strings": VOCABULARY, "values_floats": codes, "default_float": -1.0}
    coder = export.node("LabelEncoder", ["categories"], ["codes"], export.ML, **look_up)
    return [coder, export.node("Concat", ["numeric", "codes"], ["features"], axis=1)]
