"""ONNX graphs from parts: inputs, tree ensembles, and a file whose bytes depend on nothing but the model."""

import onnx
from onnx import TensorProto, helper

from trees import ensemble

FLOAT, STRING, BOOL, INT64 = TensorProto.FLOAT, TensorProto.STRING, TensorProto.BOOL, TensorProto.INT64
ML = "ai.onnx.ml"
OPSETS = [helper.make_opsetid("", 18), helper.make_opsetid(ML, 3)]
IR_VERSION = 8


def tensor(name: str, kind: int, *widths: int) -> onnx.ValueInfoProto:
    """An input or output of shape [N, …widths]; N is free."""
    return helper.make_tensor_value_info(name, kind, ["N", *widths])


def node(op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes) -> onnx.NodeProto:
    return helper.make_node(op, inputs, outputs, name=outputs[-1], domain=domain, **attributes)


def classifier_trees(model, source: str, probabilities: str) -> onnx.NodeProto:
    """FLOAT [N, features] → FLOAT [N, 2], columns P(no), P(yes) of a binary classifier."""
    parts = ensemble(model)
    tree_ids, node_ids, values = (list(column) for column in zip(*parts["leaves"]))
    outputs = [f"{probabilities}_class", probabilities]
    return node(
        "TreeEnsembleClassifier", [source], outputs, ML, **parts["attributes"],
        class_treeids=tree_ids, class_nodeids=node_ids, class_weights=values, class_ids=[0] * len(values),
        classlabels_int64s=[0, 1], base_values=[parts["base"]], post_transform="LOGISTIC",
    )  # fmt: skip


def regressor_trees(model, source: str, result: str) -> onnx.NodeProto:
    """FLOAT [N, features] → FLOAT [N, 1], without the constant that the trees are added to."""
    parts = ensemble(model)
    tree_ids, node_ids, values = (list(column) for column in zip(*parts["leaves"]))
    return node(
        "TreeEnsembleRegressor", [source], [result], ML, **parts["attributes"],
        target_treeids=tree_ids, target_nodeids=node_ids, target_weights=values, target_ids=[0] * len(values),
        n_targets=1, aggregate_function="SUM", post_transform="NONE",
    )  # fmt: skip


def constants(**values: float) -> list[onnx.TensorProto]:
    """Scalars of shape [1] as initializers."""
    return [helper.make_tensor(name, FLOAT, [1], [value]) for name, value in values.items()]


def model_bytes(name: str, nodes: list, inputs: list, outputs: list, initializers: list = ()) -> bytes:
    """The checked model, serialised deterministically."""
    graph = helper.make_graph(nodes, name, inputs, outputs, initializer=list(initializers))
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=IR_VERSION)
    model.producer_name, model.producer_version = "sluice-train", "1"
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)
