"""What grpcurl does: the services, their description and a call, from nothing but what reflection tells."""

import os
import unittest

import cases
import grpc
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

ADDRESS = os.environ["SLUICE_ADDRESS"]
OURS = {"inference.GRPCInferenceService", "sluice.v1.PredictionService", "sluice.v1.ModelService", "sluice.v1.StreamService"}
# The customer of the first golden case of churn 1.1.0.
NO_SERVICE = ["online_security", "online_backup", "device_protection", "tech_support", "streaming_tv"]
CUSTOMER = {
    "tenure": 72,
    "monthly_charges": 20.5,
    "total_charges": 1502.25,
    "senior_citizen": False,
    "partner": True,
    "dependents": False,
    "phone_service": True,
    "paperless_billing": False,
    "gender": "Female",
    "multiple_lines": "No",
    "internet_service": "No",
    **{name: "No internet service" for name in [*NO_SERVICE, "streaming_movies"]},
    "contract": "Two year",
    "payment_method": "Credit card (automatic)",
}


class Reflection(unittest.TestCase):
    def setUp(self):
        self.channel = grpc.insecure_channel(ADDRESS)
        self.addCleanup(self.channel.close)
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.database)

    def method(self, service, name):
        return self.pool.FindServiceByName(service).methods_by_name[name]

    def call(self, service, name, request, kind="unary_unary"):
        """Calls a method with a dict, or a list of them, and gives the same back."""
        method = self.method(service, name)
        sent, received = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        rpc = getattr(self.channel, kind)(
            f"/{service}/{name}", request_serializer=sent.SerializeToString, response_deserializer=received.FromString
        )
        if kind == "unary_unary":
            return self.as_dict(rpc(json_format.ParseDict(request, sent()), timeout=20))
        messages = [json_format.ParseDict(each, sent()) for each in request]
        return [self.as_dict(answer) for answer in rpc(iter(messages), timeout=20)]

    def as_dict(self, message):
        return json_format.MessageToDict(message, descriptor_pool=self.pool)

    def test_v1alpha_lists_the_services(self):
        self.assertLessEqual(OURS, set(self.database.get_services()))

    def test_v1_lists_the_services(self):
        ask = self.channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        (answer,) = ask(iter([reflection_pb2.ServerReflectionRequest(list_services="")]), timeout=20)
        self.assertLessEqual(OURS, {each.name for each in answer.list_services_response.service})

    def test_the_private_link_is_not_listed(self):
        self.assertFalse([name for name in self.database.get_services() if name.startswith("sluice.runtime")])

    def test_every_listed_service_can_be_described(self):
        for name in self.database.get_services():
            with self.subTest(service=name):
                self.assertGreater(len(self.pool.FindServiceByName(name).methods), 0)

    def test_prediction_service_is_described(self):
        service = self.pool.FindServiceByName("sluice.v1.PredictionService")
        self.assertLessEqual({"Predict", "PredictStream"}, set(service.methods_by_name))
        predict = service.methods_by_name["Predict"]
        self.assertEqual(predict.input_type.full_name, "sluice.v1.PredictRequest")
        fields = predict.input_type.fields_by_name
        self.assertEqual(fields["features"].message_type.full_name, "google.protobuf.Struct")
        self.assertFalse(predict.client_streaming or predict.server_streaming)
        stream = service.methods_by_name["PredictStream"]
        self.assertTrue(stream.client_streaming and stream.server_streaming)

    def test_a_symbol_that_does_not_exist_is_an_error(self):
        with self.assertRaises(KeyError):
            self.pool.FindMessageTypeByName("sluice.v1.Nothing")

    def test_predict_is_called(self):
        request = {"model": "churn", "entityId": "customer-7", "features": CUSTOMER, "requestId": "r-1"}
        answer = self.call("sluice.v1.PredictionService", "Predict", request)
        self.assertEqual(answer["release"]["version"], "1.1.0")
        self.assertRegex(answer["release"]["digest"], r"[0-9a-f]{64}$")
        self.assertAlmostEqual(answer["prediction"]["outputs"]["churn_probability"], 0.008383579, places=5)
        self.assertEqual(answer["prediction"]["outputs"]["churn"], "no")
        self.assertRegex(answer["predictionId"], r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-")
        self.assertRegex(answer["traceId"], r"^[0-9a-f]{32}$")
        self.assertEqual(answer["requestId"], "r-1")
        self.assertGreater(answer["timings"]["totalMs"], 0)

    def test_predict_stream_is_called(self):
        good = {"model": "churn", "features": CUSTOMER, "requestId": "good"}
        bad = {"model": "churn", "features": {**CUSTOMER, "tenure": "long"}, "requestId": "bad"}
        sent = [{"predict": each} for each in [good, bad]]
        answers = self.call("sluice.v1.PredictionService", "PredictStream", sent, "stream_stream")
        found = {next(iter(answer.values()))["requestId"]: answer for answer in answers}
        self.assertEqual(found["good"]["response"]["prediction"]["outputs"]["churn"], "no")
        self.assertEqual(found["bad"]["error"]["code"], "INVALID_INPUT")
        self.assertIn("tenure", found["bad"]["error"]["violations"][0]["path"])

    def test_a_refused_prediction_has_its_status(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.call("sluice.v1.PredictionService", "Predict", {"model": "nobody"})
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_models_are_listed(self):
        models = self.call("sluice.v1.ModelService", "ListModels", {})["models"]
        self.assertLessEqual({"churn", "house-price", "digits"}, {each["name"] for each in models})

    def test_the_inference_protocol_is_called(self):
        answer = self.call("inference.GRPCInferenceService", "ModelMetadata", {"name": "digits"})
        self.assertEqual(answer["inputs"][0]["shape"], ["-1", "8", "8"])


if __name__ == "__main__":
    cases.main()
