"""What is the same for every car of a name: looked up by `vehicle`, in scikit-learn and in the graph alike."""

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common.data_types import FloatTensorType
from sklearn.base import BaseEstimator, TransformerMixin


class Catalogue(TransformerMixin, BaseEstimator):
    """[N, 1] of names → FLOAT [N, facts]; a name that is not in `names` has zeros. Nothing is learnt.

    `facts` [names, facts] in the order of `names`.
    """

    def __init__(self, names: list[str], facts: np.ndarray):
        self.names, self.facts = names, facts

    def fit(self, rows, labels=None):
        return self

    def transform(self, rows) -> np.ndarray:
        place = {name: at for at, name in enumerate(self.names)}
        padded = np.vstack([self.facts, np.zeros(self.facts.shape[1])]).astype(np.float32)
        return padded[[place.get(name, len(place)) for name in np.asarray(rows)[:, 0]]]

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _shape(operator) -> None:
    operator.outputs[0].type = FloatTensorType([None, operator.raw_operator.facts.shape[1]])


def _convert(scope, operator, container) -> None:
    """LabelEncoder: name → row of the table; Gather: that row."""
    names, facts = operator.raw_operator.names, operator.raw_operator.facts
    table, at, row = (scope.get_unique_variable_name(name) for name in ("facts", "at", "row"))
    padded = np.vstack([facts, np.zeros(facts.shape[1])])
    container.add_initializer(table, TensorProto.FLOAT, list(padded.shape), padded.ravel().tolist())
    look_up = {"keys_strings": names, "values_int64s": list(range(len(names))), "default_int64": len(names)}
    container.add_node("LabelEncoder", operator.inputs[0].full_name, at, "ai.onnx.ml", 2, scope.get_unique_operator_name("at"), **look_up)
    container.add_node("Gather", [table, at], row, op_version=13, name=scope.get_unique_operator_name("row"), axis=0)
    container.add_node("Flatten", row, operator.outputs[0].full_name, op_version=13, name=scope.get_unique_operator_name("flat"), axis=1)


update_registered_converter(Catalogue, "SluiceCatalogue", _shape, _convert)
