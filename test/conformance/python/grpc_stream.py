"""start_stream and async_stream_infer."""

import queue
import unittest

import cases
import doors
import numpy as np
import samples


def row(*values):
    return [doors.tensor("x", np.array([values], np.float32))]


def wide():
    """An input that does not fit the model `stepped`."""
    return [doors.tensor("x", np.ones((1, 5), np.float32))]


class Stream(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)
        self.arrived = queue.Queue()

    def start(self, **options):
        self.client.start_stream(lambda result, error: self.arrived.put((result, error)), **options)
        self.addCleanup(self.client.stop_stream, cancel_requests=True)

    def next(self):
        return self.arrived.get(timeout=20)

    def next_result(self):
        result, error = self.next()
        self.assertIsNone(error)
        return result

    def send(self, *values, **options):
        self.client.async_stream_infer("stepped", row(*values), **options)

    def test_answers_come_in_the_order_of_the_requests(self):
        self.start()
        for number in range(200):
            self.send(number, 0, request_id=str(number))
        for number in range(200):
            result = self.next_result()
            self.assertEqual(result.get_response().id, str(number))
            self.assertEqual(result.as_numpy("y").tolist(), [[-number, 0]])

    def test_a_slow_request_holds_back_the_answers_behind_it(self):
        self.start()
        self.client.async_stream_infer("slow", [doors.tensor("x", np.zeros((640, 640), np.float32))], request_id="slow")
        self.send(1, 2, request_id="fast")
        self.assertEqual([self.next_result().get_response().id for _ in range(2)], ["slow", "fast"])

    def test_a_bad_item_is_answered_with_its_error_and_the_stream_goes_on(self):
        self.start()
        self.send(1, 2, request_id="first")
        self.client.async_stream_infer("stepped", wide(), request_id="bad")
        self.client.async_stream_infer("nobody", row(1, 2), request_id="lost")
        self.send(3, 4, request_id="last")
        self.assertEqual(self.next_result().get_response().id, "first")
        result, error = self.next()
        self.assertIsNone(result)
        for word in ["x", "[-1,2]", "[1,5]"]:
            self.assertIn(word, error.message())
        result, error = self.next()
        self.assertIsNone(result)
        self.assertIn("unknown model", error.message())
        last = self.next_result()
        self.assertEqual(last.get_response().id, "last")
        self.assertEqual(last.as_numpy("y").tolist(), [[-3, -4]])

    def test_an_answer_names_its_prediction_and_release(self):
        self.start()
        self.send(1, 2)
        response = self.next_result().get_response()
        self.assertRegex(response.parameters["sluice_prediction_id"].string_param, r"^[0-9a-f-]{36}$")
        self.assertEqual((response.model_name, response.model_version), ("stepped", "2"))

    def test_enable_empty_final_response_is_accepted(self):
        self.start()
        self.send(1, 2, enable_empty_final_response=True, request_id="only")
        self.send(3, 4, enable_empty_final_response=True, request_id="next")
        self.assertEqual([self.next_result().get_response().id for _ in range(2)], ["only", "next"])

    def test_versions_outputs_and_parameters(self):
        self.start()
        self.send(1, 2, model_version="1")
        self.assertEqual(self.next_result().as_numpy("y").tolist(), [[1, 2]])
        several = {"x0": np.ones((1, 2), np.float32), "x1": np.array([7]), "x2": samples.texts((1, 1))}
        inputs = [doors.tensor(name, array) for name, array in several.items()]
        inputs.append(doors.tensor("x3", np.ones((1, 3), np.bool_)))
        wanted = [doors.InferRequestedOutput("y2"), doors.InferRequestedOutput("y1")]
        options = {"priority": 1, "timeout": 10_000_000, "parameters": {"entity_id": "customer-7"}}
        self.client.async_stream_infer("several", inputs, outputs=wanted, **options)
        self.assertEqual(doors.output_names(self.next_result()), ["y2", "y1"])

    def test_models_mix_on_one_stream(self):
        self.start()
        self.send(1, 2)
        self.client.async_stream_infer("digits", [doors.tensor("image", np.zeros((2, 8, 8), np.float32))])
        self.assertEqual(self.next_result().as_numpy("y").shape, (1, 2))
        self.assertEqual(self.next_result().as_numpy("label").shape, (2,))

    def test_a_compressed_stream(self):
        for algorithm in ["gzip", "deflate"]:
            with self.subTest(algorithm=algorithm):
                self.client.start_stream(
                    lambda result, error: self.arrived.put((result, error)), compression_algorithm=algorithm
                )
                self.send(1, 2)
                self.assertEqual(self.next_result().as_numpy("y").tolist(), [[-1, -2]])
                self.client.stop_stream()

    def test_stop_stream_waits_for_the_answers(self):
        self.start()
        for number in range(50):
            self.send(number, 0)
        self.client.stop_stream()
        self.assertEqual(self.arrived.qsize(), 50)

    def test_a_client_opens_one_stream_after_the_other(self):
        for number in range(3):
            self.client.start_stream(lambda result, error: self.arrived.put((result, error)))
            self.send(number, 0)
            self.assertEqual(self.next_result().as_numpy("y").tolist(), [[-number, 0]])
            self.client.stop_stream()

    def test_a_cancelled_stream_reports_it_and_the_server_goes_on(self):
        self.start()
        self.client.async_stream_infer("slow", [doors.tensor("x", np.zeros((640, 640), np.float32))])
        self.client.stop_stream(cancel_requests=True)
        _, error = self.next()
        self.assertEqual(error.status(), doors.status("CANCELLED"))
        self.assertTrue(self.client.infer("stepped", row(1, 2)))

    def test_a_stream_timeout_ends_the_stream(self):
        self.start(stream_timeout=0.3)
        _, error = self.next()
        self.assertEqual(error.status(), doors.status("DEADLINE_EXCEEDED"))

    def test_triton_grpc_error_ends_the_stream_with_the_status(self):
        self.start(headers={"triton_grpc_error": "true"})
        self.send(1, 2)
        self.next_result()
        self.client.async_stream_infer("nobody", row(1, 2))
        result, error = self.next()
        self.assertIsNone(result)
        self.assertEqual(error.status(), doors.status("NOT_FOUND"))
        self.assertIn("unknown model", error.message())


if __name__ == "__main__":
    cases.main()
