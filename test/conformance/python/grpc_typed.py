"""Requests built by hand: typed contents instead of raw ones, and what the client itself never sends."""

import os
import unittest

import cases
import grpc
import samples
from tritonclient.grpc import InferResult, service_pb2, service_pb2_grpc

ADDRESS = os.environ["SLUICE_ADDRESS"]
FIELDS = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


def request(model, **fields):
    return service_pb2.ModelInferRequest(model_name=model, **fields)


def add(message, name, datatype, shape, **contents):
    made = message.inputs.add(name=name, datatype=datatype, shape=shape)
    for field, values in contents.items():
        getattr(made.contents, field).extend(values)
    return message


def values_of(datatype, array):
    flat = array.flatten().tolist()
    return [each.encode() for each in flat] if datatype == "BYTES" else flat


class Typed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        channel = grpc.insecure_channel(ADDRESS)
        cls.stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
        cls.addClassCleanup(channel.close)

    def refused(self, message, *words, code=grpc.StatusCode.INVALID_ARGUMENT):
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub.ModelInfer(message)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        for word in words:
            self.assertIn(word, caught.exception.details())
        return caught.exception

    def test_typed_contents_are_answered_raw(self):
        for datatype, field in FIELDS.items():
            for shape in [(2, 5), (32, 3), (0, 3)]:
                with self.subTest(datatype=datatype, shape=shape):
                    sent = samples.array(datatype, shape)
                    message = request(f"identity_{datatype.lower()}")
                    add(message, "x0", datatype, shape, **{field: values_of(datatype, sent)})
                    answer = self.stub.ModelInfer(message)
                    self.assertEqual(len(answer.raw_output_contents), 1)
                    self.assertFalse(answer.outputs[0].HasField("contents"))
                    samples.assert_same(self, InferResult(answer).as_numpy("y0"), sent)

    def test_a_typed_scalar(self):
        message = add(request("scalar_fp64"), "x0", "FP64", [], fp64_contents=[2.5])
        self.assertEqual(InferResult(self.stub.ModelInfer(message)).as_numpy("y0").tolist(), 2.5)

    def test_typed_inputs_beside_each_other(self):
        message = request("several", id="typed")
        add(message, "x0", "FP32", [2, 2], fp32_contents=[1, 2, 3, 4])
        add(message, "x1", "INT64", [2], int64_contents=[-(2**62), 2**62])
        add(message, "x2", "BYTES", [2, 1], bytes_contents=["ü".encode(), b""])
        add(message, "x3", "BOOL", [2, 3], bool_contents=[True, False, True, False, True, False])
        answer = self.stub.ModelInfer(message)
        self.assertEqual(answer.id, "typed")
        result = InferResult(answer)
        self.assertEqual(result.as_numpy("y0").tolist(), [[1, 2], [3, 4]])
        self.assertEqual(result.as_numpy("y1").tolist(), [-(2**62), 2**62])
        self.assertEqual(result.as_numpy("y2").tolist(), [["ü".encode()], [b""]])
        self.assertEqual(result.as_numpy("y3").tolist(), [[True, False, True], [False, True, False]])

    def test_raw_and_typed_contents_exclude_each_other(self):
        message = add(request("fixed"), "x0", "FP32", [2, 3], fp32_contents=[0] * 6)
        message.raw_input_contents.append(bytes(24))
        self.refused(message, "x0", "raw_input_contents")

    def test_raw_contents_come_for_every_input_or_none(self):
        message = add(add(request("several"), "x0", "FP32", [1, 2]), "x1", "INT64", [1])
        message.raw_input_contents.append(bytes(8))
        self.refused(message, "raw_input_contents", "2", "1")

    def test_fp16_is_raw_only(self):
        message = add(request("identity_fp16"), "x0", "FP16", [1, 1], fp32_contents=[1])
        self.refused(message, "x0", "FP16", "raw")

    def test_contents_in_the_field_of_another_datatype(self):
        message = add(request("fixed"), "x0", "FP32", [2, 3], fp64_contents=[0] * 6)
        self.refused(message, "x0", "fp32_contents", "fp64_contents")

    def test_too_few_typed_elements(self):
        message = add(request("fixed"), "x0", "FP32", [2, 3], fp32_contents=[0] * 5)
        self.refused(message, "x0", "[2,3]")

    def test_a_typed_element_outside_its_datatype(self):
        for datatype, field, value in [("INT8", "int_contents", 128), ("UINT16", "uint_contents", 65536)]:
            with self.subTest(datatype=datatype):
                message = request(f"identity_{datatype.lower()}")
                add(message, "x0", datatype, [1, 2], **{field: [0, value]})
                self.refused(message, "x0", datatype, str(value))

    def test_the_parameter_that_the_cpp_client_sends_is_accepted(self):
        message = add(request("fixed"), "x0", "FP32", [2, 3], fp32_contents=[0] * 6)
        message.parameters["triton_enable_empty_final_response"].bool_param = False
        self.assertEqual(len(self.stub.ModelInfer(message).outputs), 1)

    def test_other_triton_parameters_are_refused(self):
        message = add(request("fixed"), "x0", "FP32", [2, 3], fp32_contents=[0] * 6)
        message.parameters["triton_unheard_of"].string_param = "x"
        self.refused(message, "triton_unheard_of")

    def test_no_model_name(self):
        self.refused(request(""), "model_name")

    def test_errors_carry_their_code_and_violations(self):
        message = add(request("fixed"), "x0", "FP32", [3, 2], fp32_contents=[0] * 6)
        trailers = dict(self.refused(message).trailing_metadata())
        details = trailers["grpc-status-details-bin"]
        self.assertIn(b"type.googleapis.com/google.rpc.ErrorInfo", details)
        self.assertIn(b"INVALID_INPUT", details)
        self.assertIn(b"type.googleapis.com/google.rpc.BadRequest", details)
        self.assertIn(b"inputs.x0.shape", details)


if __name__ == "__main__":
    cases.main()
