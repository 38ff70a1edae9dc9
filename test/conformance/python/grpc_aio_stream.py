"""The asyncio client's stream."""

import os
import unittest

import cases
import numpy as np
import tritonclient.grpc.aio as aio


def row(*values):
    array = np.array([values], np.float32)
    return [aio.InferInput("x", [1, 2], "FP32").set_data_from_numpy(array)]


class Stream(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = aio.InferenceServerClient(os.environ["SLUICE_ADDRESS"])
        self.addAsyncCleanup(self.client.close)

    async def test_a_bad_item_is_answered_while_the_stream_goes_on(self):
        async def requests():
            for number in range(3):
                inputs = row(number, 0) if number != 1 else row(0, 0) + row(0, 0)
                yield {"model_name": "stepped", "inputs": inputs, "request_id": str(number)}

        answers = [answer async for answer in self.client.stream_infer(requests())]
        self.assertEqual([error is None for _, error in answers], [True, False, True])
        self.assertEqual([answers[at][0].get_response().id for at in [0, 2]], ["0", "2"])
        self.assertIn("twice", answers[1][1].message())


if __name__ == "__main__":
    cases.main()
