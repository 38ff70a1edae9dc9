"""Tensors as JSON, beside binary ones and in both directions; compressed bodies."""

import unittest

import cases
import doors
import numpy as np
import samples

# These have no JSON form: 16-bit floats are binary only.
BINARY_ONLY = {"FP16"}


def in_json(name, array):
    made = doors.InferInput(name, list(array.shape), doors.np_to_triton_dtype(array.dtype))
    return made.set_data_from_numpy(array, binary_data=False)


def out(name, binary):
    return doors.InferRequestedOutput(name, binary_data=binary)


def plain(datatype, shape):
    """Values that JSON carries exactly: finite, and integers below 2^53."""
    if datatype in ["BOOL", "BYTES"]:
        return samples.array(datatype, shape)
    kind = samples.NUMPY[datatype]
    if datatype.startswith("FP"):
        return np.resize(np.array([0, 1.5, -2.25, 1e-3, 6e4], kind), shape)
    facts = np.iinfo(kind)
    low, high = max(facts.min, -(2**53) + 1), min(facts.max, 2**53 - 1)
    return np.resize(np.array([low, 0, 7, high], kind), shape)


class Json(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = doors.connect()
        cls.addClassCleanup(cls.client.close)

    def assert_identity(self, datatype, given, wanted, sent):
        result = self.client.infer(f"identity_{datatype.lower()}", [given], outputs=wanted)
        samples.assert_same(self, result.as_numpy("y0"), sent)
        return result.get_response()["outputs"][0]

    def test_json_in_and_json_out(self):
        for datatype in set(samples.DATATYPES) - BINARY_ONLY:
            for shape in [(2, 5), (32, 3), (0, 3)]:
                with self.subTest(datatype=datatype, shape=shape):
                    sent = plain(datatype, shape)
                    output = self.assert_identity(datatype, in_json("x0", sent), [out("y0", False)], sent)
                    self.assertIn("data", output)
                    self.assertNotIn("binary_data_size", output.get("parameters", {}))

    def test_json_in_and_binary_out(self):
        for datatype in ["FP32", "INT64", "BYTES", "BOOL"]:
            with self.subTest(datatype=datatype):
                sent = plain(datatype, (2, 3))
                output = self.assert_identity(datatype, in_json("x0", sent), [out("y0", True)], sent)
                self.assertNotIn("data", output)
                self.assertGreater(output["parameters"]["binary_data_size"], 0)

    def test_binary_in_and_json_out(self):
        for datatype in ["FP32", "INT64", "BYTES", "BOOL"]:
            with self.subTest(datatype=datatype):
                sent = plain(datatype, (2, 3))
                output = self.assert_identity(datatype, doors.tensor("x0", sent), [out("y0", False)], sent)
                self.assertIn("data", output)

    def test_json_scalars(self):
        for datatype in ["FP32", "INT64", "BYTES", "BOOL"]:
            with self.subTest(datatype=datatype):
                sent = plain(datatype, ())
                result = self.client.infer(
                    f"scalar_{datatype.lower()}", [in_json("x0", sent)], outputs=[out("y0", False)]
                )
                samples.assert_same(self, result.as_numpy("y0"), sent)

    def test_json_and_binary_mixed_in_one_request_and_one_answer(self):
        sent = {
            "x0": plain("FP32", (2, 2)),
            "x1": plain("INT64", (2,)),
            "x2": samples.texts((2, 3)),
            "x3": plain("BOOL", (2, 3)),
        }
        made = [in_json if name in ["x0", "x2"] else doors.tensor for name in sent]
        inputs = [make(name, array) for make, (name, array) in zip(made, sent.items(), strict=True)]
        wanted = [out("y2", True), out("y0", True), out("y1", False), out("y3", False)]
        result = self.client.infer("several", inputs, outputs=wanted)
        self.assertEqual(doors.output_names(result), ["y2", "y0", "y1", "y3"])
        for name, array in sent.items():
            samples.assert_same(self, result.as_numpy(name.replace("x", "y")), array)

    def test_no_outputs_asks_for_all_in_binary(self):
        sent = plain("FP32", (1, 3))
        result = self.client.infer("identity_fp32", [in_json("x0", sent)])
        self.assertEqual(result.get_response()["outputs"][0]["parameters"]["binary_data_size"], 12)

    def test_compressed_bodies(self):
        sent = np.zeros((200, 1000), np.float32)
        for request in ["gzip", "deflate", None]:
            for answer in ["gzip", "deflate", None]:
                for form in ["binary", "json"]:
                    with self.subTest(request=request, answer=answer, form=form):
                        given = doors.tensor("x0", sent) if form == "binary" else in_json("x0", sent)
                        result = self.client.infer(
                            "identity_fp32",
                            [given],
                            outputs=[out("y0", form == "binary")],
                            request_compression_algorithm=request,
                            response_compression_algorithm=answer,
                        )
                        samples.assert_same(self, result.as_numpy("y0"), sent)

    def test_a_compressed_message_counts_with_its_real_size(self):
        sent = [doors.tensor("x0", np.zeros((1024, 8192), np.float32))]
        for algorithm in ["gzip", "deflate"]:
            with self.subTest(algorithm=algorithm), doors.refused(self, "RESOURCE_EXHAUSTED"):
                self.client.infer("identity_fp32", sent, request_compression_algorithm=algorithm)

    def test_an_error_is_read_whatever_encoding_was_asked_for(self):
        # The client decompresses answers of inference, and never errors.
        name = "nobody" * 15
        for algorithm in ["gzip", "deflate"]:
            with self.subTest(algorithm=algorithm), doors.refused(self, "NOT_FOUND", "unknown model", name):
                self.client.infer(name, [in_json("x0", plain("FP32", (1, 3)))], response_compression_algorithm=algorithm)

    def test_64_bit_integers_come_back_exactly(self):
        for datatype in ["INT64", "UINT64"]:
            with self.subTest(datatype=datatype):
                sent = samples.array(datatype, (1, 5))
                self.assert_identity(datatype, doors.tensor("x0", sent), [out("y0", False)], sent)

    def test_integers_beyond_2_53_are_never_rounded_but_refused(self):
        for datatype, value in [("INT64", -(2**53) - 1), ("INT64", 2**53 + 1), ("UINT64", 2**64 - 1)]:
            sent = np.array([[value]], samples.NUMPY[datatype])
            with self.subTest(datatype=datatype, value=value), doors.refused(
                self, "INVALID_ARGUMENT", "x0", datatype, "2^53", "binary"
            ):
                self.client.infer(f"identity_{datatype.lower()}", [in_json("x0", sent)])

    def test_what_is_not_finite_comes_back(self):
        for datatype in ["FP32", "FP64"]:
            with self.subTest(datatype=datatype):
                sent = np.array([[np.nan, np.inf, -np.inf, 1.5]], samples.NUMPY[datatype])
                result = self.client.infer(
                    f"identity_{datatype.lower()}", [doors.tensor("x0", sent)], outputs=[out("y0", False)]
                )
                np.testing.assert_array_equal(result.as_numpy("y0"), sent)

    def test_asynchronous_compressed_calls(self):
        sent = plain("FP32", (1, 3))
        calls = [
            self.client.async_infer(
                "identity_fp32",
                [in_json("x0", sent)],
                request_compression_algorithm=algorithm,
                response_compression_algorithm=algorithm,
            )
            for algorithm in ["gzip", "deflate"]
        ]
        for call in calls:
            samples.assert_same(self, call.get_result(timeout=20).as_numpy("y0"), sent)


class WrongJson(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)

    def given(self, datatype, data, shape):
        made = doors.InferInput("x0", shape, datatype)
        made._data = data
        return [made]

    def test_refused(self):
        rows = {
            "too few elements": ("FP32", [1, 2], [1, 3], ["x0", "[1,3]", "2"]),
            "too many elements": ("FP32", [1, 2], [1, 1], ["x0", "[1,1]", "2"]),
            "a text for a number": ("FP32", ["1"], [1, 1], ["x0", "FP32", '"1"']),
            "a number for a text": ("BYTES", [1], [1, 1], ["x0", "string", "1"]),
            "a fraction for an integer": ("INT32", [1.5], [1, 1], ["x0", "INT32", "1.5"]),
            "an integer outside its datatype": ("UINT8", [256], [1, 1], ["x0", "UINT8", "256"]),
            "null": ("FP32", [None], [1, 1], ["x0", "FP32", "null"]),
            "an object": ("FP32", [{"a": 1}], [1, 1], ["x0", "FP32"]),
            "a text with NUL": ("BYTES", ["a\0b"], [1, 1], ["x0", "NUL"]),
            "16-bit floats": ("FP16", [1.5], [1, 1], ["x0", "FP16", "binary"]),
            "no data": ("FP32", [], [1, 1], ["x0", "[1,1]", "0"]),
        }
        for name, (datatype, data, shape, words) in rows.items():
            with self.subTest(given=name):
                with doors.refused(self, "INVALID_ARGUMENT", *words):
                    self.client.infer(f"identity_{datatype.lower()}", self.given(datatype, data, shape))
                self.assertTrue(self.client.is_server_live())

    def test_what_is_not_finite_is_no_json(self):
        given = in_json("x0", np.array([[np.nan, np.inf]], np.float32))
        with doors.refused(self, "INVALID_ARGUMENT", "JSON"):
            self.client.infer("identity_fp32", [given])

    def test_16_bit_floats_cannot_be_asked_for_as_json(self):
        given = doors.tensor("x0", np.ones((1, 1), np.float16))
        with doors.refused(self, "INVALID_ARGUMENT", "y0", "FP16", "binary"):
            self.client.infer("identity_fp16", [given], outputs=[out("y0", False)])

    def test_a_binary_size_beyond_the_body(self):
        given = doors.tensor("x0", np.ones((1, 3), np.float32))
        given._parameters["binary_data_size"] = 4000
        with doors.refused(self, "INVALID_ARGUMENT", "x0", "4000"):
            self.client.infer("identity_fp32", [given])


if __name__ == "__main__":
    cases.main()
