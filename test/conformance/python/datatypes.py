"""Every datatype there and back, as binary data, in every kind of shape."""

import unittest

import cases
import doors
import numpy as np
import samples

SHAPES = {
    "one row": (1, 10),
    "a batch of 32": (32, 7),
    "one column": (3, 1),
    "no columns": (2, 0),
    "no rows": (0, 3),
    "nothing at all": (0, 0),
}
# Above gRPC's own default of 4 MiB for a message.
LARGE = (1024, 2048)


class Datatypes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = doors.connect()
        cls.addClassCleanup(cls.client.close)

    def assert_identity(self, model, sent):
        result = self.client.infer(model, [doors.tensor("x0", sent)])
        samples.assert_same(self, result.as_numpy("y0"), sent)
        return result

    def test_identity(self):
        for datatype in samples.DATATYPES:
            for shape_name, shape in SHAPES.items():
                with self.subTest(datatype=datatype, shape=shape_name):
                    sent = samples.array(datatype, shape)
                    result = self.assert_identity(f"identity_{datatype.lower()}", sent)
                    (output,) = doors.response(result)["outputs"]
                    self.assertEqual(output["datatype"], datatype)

    def test_scalar(self):
        for datatype in samples.DATATYPES:
            with self.subTest(datatype=datatype):
                self.assert_identity(f"scalar_{datatype.lower()}", samples.array(datatype, ()))

    def test_several_rows_of_one_request_stay_apart(self):
        sent = np.arange(32 * 5, dtype=np.int64).reshape(32, 5)
        self.assert_identity("identity_int64", sent)

    def test_eight_mebibytes(self):
        self.assert_identity("identity_fp32", np.arange(np.prod(LARGE), dtype=np.float32).reshape(LARGE))

    def test_bytes_given_as_numpy_byte_strings(self):
        sent = np.array([[b"fixed", b"width"]], dtype=np.bytes_)
        given = doors.InferInput("x0", [1, 2], "BYTES").set_data_from_numpy(sent)
        answer = self.client.infer("identity_bytes", [given]).as_numpy("y0")
        self.assertEqual(answer.tolist(), [[b"fixed", b"width"]])


if __name__ == "__main__":
    cases.main()
