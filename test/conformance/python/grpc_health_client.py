"""grpc.health.v1, as load balancers and Kubernetes ask it."""

import os
import unittest

import cases
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

SERVICES = ["", "inference.GRPCInferenceService", "sluice.v1.PredictionService", "sluice.v1.ModelService", "sluice.v1.StreamService"]
SERVING = health_pb2.HealthCheckResponse.SERVING


def asked(service):
    return health_pb2.HealthCheckRequest(service=service)


class GrpcHealth(unittest.TestCase):
    def setUp(self):
        channel = grpc.insecure_channel(os.environ["SLUICE_ADDRESS"])
        self.addCleanup(channel.close)
        self.stub = health_pb2_grpc.HealthStub(channel)

    def test_check_says_serving(self):
        for service in SERVICES:
            with self.subTest(service=service or "the server"):
                self.assertEqual(self.stub.Check(asked(service), timeout=20).status, SERVING)

    def test_check_of_an_unknown_service_is_not_found(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.stub.Check(asked("sluice.v1.NoSuchService"), timeout=20)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_watch_says_serving_at_once(self):
        watch = self.stub.Watch(asked(""), timeout=20)
        self.assertEqual(next(watch).status, SERVING)
        watch.cancel()


if __name__ == "__main__":
    cases.main()
