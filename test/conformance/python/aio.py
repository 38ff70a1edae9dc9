"""The asyncio clients."""

import asyncio
import os
import unittest

import cases
import doors
import numpy as np

if doors.IS_GRPC:
    import tritonclient.grpc.aio as aio
else:
    import tritonclient.http.aio as aio


def row(*values):
    array = np.array([values], np.float32)
    return [aio.InferInput("x", [1, 2], "FP32").set_data_from_numpy(array)]


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = aio.InferenceServerClient(os.environ["SLUICE_ADDRESS"])
        self.addAsyncCleanup(self.client.close)

    async def test_health_and_metadata(self):
        self.assertTrue(await self.client.is_server_live())
        self.assertTrue(await self.client.is_server_ready())
        self.assertTrue(await self.client.is_model_ready("churn"))
        options = {"as_json": True} if doors.IS_GRPC else {}
        self.assertEqual((await self.client.get_model_metadata("churn", **options))["name"], "churn")

    async def test_the_repository_index_statistics_and_configuration(self):
        # Longer answers: the HTTP client says that it takes gzip, and reads it in inference only.
        options = {"as_json": True} if doors.IS_GRPC else {}
        index = await self.client.get_model_repository_index(**options)
        self.assertIn("churn", [each["name"] for each in (index["models"] if doors.IS_GRPC else index)])
        config = await self.client.get_model_config("churn", **options)
        self.assertEqual((config["config"] if doors.IS_GRPC else config)["name"], "churn")
        await self.client.infer("stepped", row(1, 2))
        statistics = await self.client.get_inference_statistics("stepped", **options)
        self.assertIn("2", [each["version"] for each in statistics["model_stats"]])

    async def test_infer(self):
        result = await self.client.infer("stepped", row(1, -2), request_id="one")
        self.assertEqual(result.as_numpy("y").tolist(), [[-1, 2]])
        self.assertEqual(doors.response(result)["id"], "one")

    async def test_many_at_once(self):
        calls = [self.client.infer("stepped", row(number, 0)) for number in range(20)]
        results = await asyncio.gather(*calls)
        self.assertEqual([result.as_numpy("y").tolist() for result in results], [[[-n, 0]] for n in range(20)])

    async def test_large_answers(self):
        sent = np.zeros((100, 100), np.float32)
        given = [aio.InferInput("x0", [100, 100], "FP32").set_data_from_numpy(sent)]
        self.assertEqual((await self.client.infer("identity_fp32", given)).as_numpy("y0").shape, (100, 100))

    async def test_an_unknown_model(self):
        for name in ["nobody", "nobody" * 15]:
            with self.subTest(characters=len(name)), doors.refused(self, "NOT_FOUND", "unknown model", name):
                await self.client.infer(name, row(1, 2))

if __name__ == "__main__":
    cases.main()
