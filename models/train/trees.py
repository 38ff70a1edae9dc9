"""Trees of scikit-learn's histogram gradient boosting → the attributes of an ai.onnx.ml tree ensemble.

Written by hand because skl2onnx 1.20 cannot write these models with onnx 1.23: it hands booleans and
numpy integers to a list of ints, which refuses them. Read from the fitted model's `_predictors`,
whose layout is fixed by the pinned scikit-learn; each training script compares the result with
scikit-learn on every held-out row and on rows with random gaps.
"""

import numpy as np


def ensemble(model) -> dict:
    """Node attributes (`nodes_*`) and the leaves' (tree, node, value) for a fitted HistGradientBoosting model."""
    trees = [stage[0].nodes for stage in model._predictors]
    nodes = np.concatenate(trees)
    tree_ids = [t for t, tree in enumerate(trees) for _ in tree]
    node_ids = [n for tree in trees for n in range(len(tree))]
    leaf = nodes["is_leaf"].astype(bool)
    attributes = {
        "nodes_treeids": tree_ids,
        "nodes_nodeids": node_ids,
        "nodes_modes": ["LEAF" if is_leaf else "BRANCH_LEQ" for is_leaf in leaf],
        "nodes_featureids": _ints(np.where(leaf, 0, nodes["feature_idx"])),
        "nodes_values": np.where(leaf, np.float32(0), _float32_at_most(nodes["num_threshold"])).tolist(),
        "nodes_truenodeids": _ints(np.where(leaf, 0, nodes["left"])),
        "nodes_falsenodeids": _ints(np.where(leaf, 0, nodes["right"])),
        "nodes_missing_value_tracks_true": _ints(np.where(leaf, 0, nodes["missing_go_to_left"])),
    }
    leaves = [(t, n, float(v)) for t, n, v, is_leaf in zip(tree_ids, node_ids, nodes["value"], leaf) if is_leaf]
    return {"attributes": attributes, "leaves": leaves, "base": float(np.ravel(model._baseline_prediction)[0])}


def _ints(values: np.ndarray) -> list[int]:
    return [int(value) for value in values]


def _float32_at_most(thresholds: np.ndarray) -> np.ndarray:
    """The largest float32 ≤ each threshold: `x <= t` then gives the same answer for every float32 x."""
    with np.errstate(over="ignore"):
        rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
