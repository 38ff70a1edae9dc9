"""What only the gRPC client can do: compression, deadlines, cancelling, callbacks from other threads."""

import queue
import threading
import unittest

import cases
import doors
import numpy as np
import samples

MATRIX = np.zeros((640, 640), np.float32)


def row(*values):
    return [doors.tensor("x", np.array([values], np.float32))]


class Calls(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)

    def test_compressed_requests(self):
        sent = np.zeros((500, 1000), np.float32)
        for algorithm in ["gzip", "deflate", None]:
            with self.subTest(algorithm=str(algorithm)):
                result = self.client.infer(
                    "identity_fp32", [doors.tensor("x0", sent)], compression_algorithm=algorithm
                )
                samples.assert_same(self, result.as_numpy("y0"), sent)

    def test_a_compressed_message_counts_with_its_real_size(self):
        sent = [doors.tensor("x0", np.zeros((1024, 8192), np.float32))]
        for algorithm in ["gzip", "deflate"]:
            with self.subTest(algorithm=algorithm), doors.refused(self, "RESOURCE_EXHAUSTED"):
                self.client.infer("identity_fp32", sent, compression_algorithm=algorithm)

    def test_a_client_timeout_ends_a_call(self):
        with doors.refused(self, "DEADLINE_EXCEEDED"):
            self.client.infer("slow", [doors.tensor("x", MATRIX)], client_timeout=0.05)
        self.assertTrue(self.client.infer("stepped", row(1, 2), client_timeout=20))

    def test_client_timeouts_are_accepted_by_every_call(self):
        self.assertTrue(self.client.is_server_live(client_timeout=20))
        self.assertTrue(self.client.is_model_ready("churn", client_timeout=20))
        self.assertEqual(self.client.get_model_metadata("churn", client_timeout=20).name, "churn")

    def test_a_cancelled_call_reports_it_and_the_server_goes_on(self):
        arrived = queue.Queue()
        call = self.client.async_infer(
            "slow", [doors.tensor("x", MATRIX)], lambda result, error: arrived.put((result, error))
        )
        call.cancel()
        result, error = arrived.get(timeout=20)
        self.assertIsNone(result)
        self.assertEqual(error.status(), doors.status("CANCELLED"))
        self.assertTrue(self.client.infer("stepped", row(1, 2)))

    def test_asynchronous_compressed_calls(self):
        arrived = queue.Queue()
        for algorithm in ["gzip", "deflate"]:
            self.client.async_infer(
                "stepped",
                row(1, 2),
                lambda result, error: arrived.put((result, error)),
                compression_algorithm=algorithm,
            )
        for _ in range(2):
            result, error = arrived.get(timeout=20)
            self.assertIsNone(error)
            self.assertEqual(result.as_numpy("y").tolist(), [[-1, -2]])

    def test_threads_share_a_client(self):
        wrong = queue.Queue()

        def ask(number):
            for turn in range(20):
                answer = self.client.infer("stepped", row(number, turn)).as_numpy("y").tolist()
                if answer != [[-number, -turn]]:
                    wrong.put((number, turn, answer))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertTrue(wrong.empty(), wrong.queue)

    def test_answers_are_messages_too(self):
        self.assertEqual(self.client.get_server_metadata().name, "sluice")
        self.assertEqual(list(self.client.get_model_metadata("digits").inputs[0].shape), [-1, 8, 8])
        self.assertEqual(self.client.get_model_config("digits").config.name, "digits")
        self.assertIn("digits", [each.name for each in self.client.get_model_repository_index().models])
        self.assertEqual(self.client.get_inference_statistics("digits").model_stats[0].name, "digits")


if __name__ == "__main__":
    cases.main()
