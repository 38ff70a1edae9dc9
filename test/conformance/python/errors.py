"""Wrong requests: the status, and a message that names what was expected and what came."""

import unittest

import cases
import doors
import numpy as np

# The gateway of the test takes messages of at most 16 MiB.
TOO_LARGE = (2048, 2560)


def fp32(*shape, name="x0"):
    return doors.tensor(name, np.ones(shape, np.float32))


def texts(*values, raw=None):
    made = doors.tensor("x0", np.array([values], np.object_))
    return made if raw is None else doors.set_raw(made, raw)


def several(**other):
    inputs = {
        "x0": doors.tensor("x0", np.ones((2, 2), np.float32)),
        "x1": doors.tensor("x1", np.ones(2, np.int64)),
        "x2": doors.tensor("x2", np.array([["a"], ["b"]], np.object_)),
        "x3": doors.tensor("x3", np.ones((2, 3), np.bool_)),
    }
    return [each for each in (inputs | other).values() if each is not None]


def resized(made, *shape):
    """Says another shape than the data has."""
    made.set_shape(list(shape))
    return made


def misnamed(made, datatype):
    """Says another datatype than the data has."""
    if doors.IS_GRPC:
        made._input.datatype = datatype
    else:
        made._datatype = datatype
    return made


# What is wrong: the model, the inputs, and words that the message must hold.
INVALID = {
    "no input at all": ("fixed", [], ["x0", "FP32", "[2,3]"]),
    "a missing input": ("several", several(x1=None), ["x1", "missing", "INT64"]),
    "an unknown input": ("several", several(x9=fp32(1, name="x9")), ["x9", "unknown", "x0, x1, x2, x3"]),
    "the same input twice": ("fixed", [fp32(2, 3), fp32(2, 3)], ["x0", "twice"]),
    "another datatype": ("fixed", [doors.tensor("x0", np.ones((2, 3), np.int32))], ["x0", "FP32", "INT32"]),
    "a datatype that does not exist": ("fixed", [misnamed(fp32(2, 3), "FP33")], ["x0", "FP33"]),
    "a wrong rank": ("fixed", [fp32(6)], ["x0", "[2,3]", "[6]"]),
    "a wrong dimension": ("fixed", [fp32(3, 2)], ["x0", "[2,3]", "[3,2]"]),
    "a scalar for a matrix": ("fixed", [fp32()], ["x0", "[2,3]", "[]"]),
    "a matrix for a scalar": ("scalar_fp32", [fp32(1, 1)], ["x0", "[]", "[1,1]"]),
    "a negative dimension": ("batched", [resized(fp32(1, 3), -1, 3)], ["x0", "-1"]),
    "fewer bytes than the shape needs": ("batched", [resized(fp32(1, 3), 2, 3)], ["x0", "[2,3]", "24", "12"]),
    "more bytes than the shape needs": ("batched", [resized(fp32(2, 3), 1, 3)], ["x0", "[1,3]", "12", "24"]),
    "no bytes": ("batched", [doors.set_raw(fp32(1, 3), b"")], ["x0", "12", "0 came"]),
    "half an element": ("batched", [doors.set_raw(fp32(1, 3), bytes(10))], ["x0", "12", "10"]),
    "fewer texts than the shape needs": ("identity_bytes", [resized(texts("a"), 1, 2)], ["x0", "2", "1 came"]),
    "a truncated text": ("identity_bytes", [texts("a", raw=b"\x09\0\0\0abc")], ["x0", "truncated"]),
    "a truncated length of a text": ("identity_bytes", [texts("a", raw=b"\x09\0")], ["x0", "truncated"]),
    "a text with NUL": ("identity_bytes", [texts("a\0b")], ["x0", "NUL"]),
    "a text that is not UTF-8": ("identity_bytes", [texts("a", raw=b"\x02\0\0\0\xff\xfe")], ["x0", "UTF-8"]),
    "more rows than config.pbtxt allows": ("batched", [fp32(9, 3)], ["x0", "9", "8"]),
    "batch axes that disagree": ("several", several(x0=fp32(3, 2)), ["x0", "3", "2"]),
    "two things wrong": ("several", several(x0=fp32(2, 9), x1=None), ["x0", "[2,9]", "x1", "missing"]),
}

# The options of infer, and words that the message must hold.
INVALID_OPTIONS = {
    "an unknown output": ({"outputs": [doors.InferRequestedOutput("y9")]}, ["y9", "unknown", "y0"]),
    "a negative timeout": ({"timeout": -5}, ["timeout", "-5"]),
    "an entity_id that is no text": ({"parameters": {"entity_id": 7}}, ["entity_id", "string", "7"]),
}


class Errors(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)

    def assert_alive(self):
        self.assertEqual(self.client.infer("fixed", [fp32(2, 3)]).as_numpy("y0").shape, (2, 3))

    def test_an_invalid_input(self):
        for name, (model, inputs, words) in INVALID.items():
            with self.subTest(given=name):
                with doors.refused(self, "INVALID_ARGUMENT", *words):
                    self.client.infer(model, inputs)
                self.assert_alive()

    def test_an_invalid_option(self):
        for name, (options, words) in INVALID_OPTIONS.items():
            with self.subTest(given=name):
                with doors.refused(self, "INVALID_ARGUMENT", *words):
                    self.client.infer("fixed", [fp32(2, 3)], **options)
                self.assert_alive()

    def test_what_sluice_does_not_do_is_refused_and_not_left_out(self):
        shared_input = doors.InferInput("x0", [2, 3], "FP32")
        shared_input.set_shared_memory("region", 24)
        shared_output = doors.InferRequestedOutput("y0")
        shared_output.set_shared_memory("region", 24)
        rows = {
            "an input in shared memory": ([shared_input], None, "shared_memory"),
            "an output in shared memory": ([fp32(2, 3)], [shared_output], "shared_memory"),
            "classification": ([fp32(2, 3)], [doors.InferRequestedOutput("y0", class_count=2)], "classification"),
        }
        for name, (inputs, outputs, word) in rows.items():
            with self.subTest(asked=name):
                with doors.refused(self, "UNIMPLEMENTED", word):
                    self.client.infer("fixed", inputs, outputs=outputs)

    def test_an_unknown_model(self):
        with doors.refused(self, "NOT_FOUND", "unknown model", "nobody", "churn"):
            self.client.infer("nobody", [fp32(1, 3)])

    def test_an_unknown_version(self):
        for version in ["9", "1.2.3", "latest"]:
            with self.subTest(version=version), doors.refused(self, "NOT_FOUND", "batched", f"'{version}'", "1"):
                self.client.infer("batched", [fp32(1, 3)], model_version=version)

    def test_a_blocked_version(self):
        row = [fp32(1, 2, name="x")]
        with doors.refused(self, "FAILED_PRECONDITION", "guarded 1", "blocked", "wrong currency"):
            self.client.infer("guarded", row, model_version="1")

    def test_a_broken_version_is_unavailable_and_never_another_one(self):
        for version in ["2", ""]:
            with self.subTest(version=version or "none"), doors.refused(self, "UNAVAILABLE", "half_broken 2", "ONNX"):
                self.client.infer("half_broken", [fp32(1, 2, name="x")], model_version=version)

    def test_a_graph_that_fails(self):
        index = doors.tensor("index", np.array([7], np.int64))
        with doors.refused(self, "INTERNAL", "Gather"):
            self.client.infer("failing", [index])
        good = doors.tensor("index", np.array([2], np.int64))
        self.assertEqual(self.client.infer("failing", [good]).as_numpy("row").shape, (1, 2))

    def test_a_message_over_the_limit(self):
        with doors.refused(self, "RESOURCE_EXHAUSTED"):
            self.client.infer("identity_fp32", [fp32(*TOO_LARGE)])
        self.client.close()
        self.client = doors.connect()
        self.assert_alive()

    def test_a_timeout_that_is_over_before_the_answer(self):
        matrix = doors.tensor("x", np.zeros((640, 640), np.float32))
        for timeout in [1, 20_000]:
            with self.subTest(microseconds=timeout), doors.refused(self, "DEADLINE_EXCEEDED", "deadline"):
                self.client.infer("slow", [matrix], timeout=timeout)
        self.assert_alive()


if __name__ == "__main__":
    cases.main()
