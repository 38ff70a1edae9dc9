"""Trains digits/1, a bare folder: model.onnx without a manifest, golden cases in tensor form, a card."""

import numpy as np
from onnx import numpy_helper
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import encode
import export
import golden
import release

SEED = 7
BRIGHTEST = 16.0  # pixel values run from 0 to this
HELD = 450  # the last images; see the card
TOLERANCE = 1e-5


def fit(images: np.ndarray, labels: np.ndarray) -> MLPClassifier:
    """One hidden layer of 64 on pixels scaled to 0..1; `images` [N, 8, 8]."""
    net = MLPClassifier((64,), alpha=1e-2, max_iter=1000, random_state=SEED)
    return net.fit(flat(images), labels)


def flat(images: np.ndarray) -> np.ndarray:
    """[N, 8, 8] of 0..16 → [N, 64] of 0..1."""
    return images.reshape(len(images), 64) / BRIGHTEST


def graph(net: MLPClassifier) -> bytes:
    """image FLOAT [N, 8, 8] → label INT64 [N], probabilities FLOAT [N, 10]."""
    (w1, w2), (b1, b2) = net.coefs_, net.intercepts_
    weights = {"w1": w1 / BRIGHTEST, "b1": b1, "w2": w2, "b2": b2}
    stored = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()]
    nodes = [
        export.node("Flatten", ["image"], ["pixels"], axis=1),
        export.node("Gemm", ["pixels", "w1", "b1"], ["sums"]),
        export.node("Relu", ["sums"], ["hidden"]),
        export.node("Gemm", ["hidden", "w2", "b2"], ["logits"]),
        export.node("Softmax", ["logits"], ["probabilities"], axis=1),
        export.node("ArgMax", ["probabilities"], ["label"], axis=1, keepdims=0),
    ]
    outputs = [export.tensor("label", export.INT64), export.tensor("probabilities", export.FLOAT, 10)]
    return export.model_bytes("digits", nodes, [export.tensor("image", export.FLOAT, 8, 8)], outputs, stored)


def case(name: str, net: MLPClassifier, images: np.ndarray) -> dict:
    """A golden case whose outputs scikit-learn computed."""
    outputs = [
        golden.tensor_json("label", "INT64", net.predict(flat(images))),
        golden.tensor_json("probabilities", "FP32", net.predict_proba(flat(images))),
    ]
    inputs = [golden.tensor_json("image", "FP32", images)]
    return {"name": name, "inputs": inputs, "outputs": outputs, "tolerance": TOLERANCE}


def cases(net: MLPClassifier, images: np.ndarray, labels: np.ndarray) -> list[dict]:
    """Five single images, a batch, one that the net gets wrong, and a blank."""
    singles = {f"a drawn {digit}": images[labels == digit][:1] for digit in (0, 3, 5, 8, 9)}
    wrong = images[net.predict(flat(images)) != labels][:1]
    more = {"a batch of four": images[:4], "a digit it misreads": wrong, "a blank image": np.zeros((1, 8, 8))}
    return [case(name, net, some) for name, some in (singles | more).items()]


def baseline(train: tuple, held: tuple) -> float:
    """Accuracy of logistic regression on the same split."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
    return model.fit(flat(train[0]), train[1]).score(flat(held[0]), held[1])


def shuffled(images: np.ndarray, labels: np.ndarray) -> float:
    """Accuracy on a random part of the same size, for comparison."""
    parts = train_test_split(images, labels, test_size=HELD, stratify=labels, random_state=SEED)
    return fit(parts[0], parts[2]).score(flat(parts[1]), parts[3])


def main() -> None:
    data = load_digits()
    train, held = (data.images[:-HELD], data.target[:-HELD]), (data.images[-HELD:], data.target[-HELD:])
    net = fit(*train)
    right = net.predict(flat(held[0])) == held[1]
    worst = min(range(10), key=lambda digit: right[held[1] == digit].mean())
    figures = {
        "n_train": len(train[0]), "n_held": HELD, "accuracy": right.mean(), "right": right.sum(),
        "base": baseline(train, held), "worst": worst, "shuffled": shuffled(data.images, data.target), "recall": right[held[1] == worst].mean(),
    }  # fmt: skip
    print("digits 1", {name: float(value) for name, value in figures.items()})
    folder = release.packages() / "digits" / "1"
    release.write(folder, graph(net), cases(net, *held), "digits-1.md", figures)
    print("  golden cases hold, off by at most", golden.check_tensors(folder))
    print("  time:", release.timing(folder, {"image": held[0].astype(np.float32)}))


if __name__ == "__main__":
    main()
