"""Inference: several tensors, ids, output selection, versions, parameters, asynchronous calls."""

import json
import pathlib
import queue
import unittest
import uuid

import cases
import doors
import numpy as np
import samples

STORE = pathlib.Path(__file__).parents[3] / "models" / "store"


def several(rows=3):
    """The inputs of the model `several`, by name."""
    return {
        "x0": np.arange(rows * 2, dtype=np.float32).reshape(rows, 2),
        "x1": np.arange(rows, dtype=np.int64) - 1,
        "x2": samples.texts((rows, 2)),
        "x3": np.resize(np.array([True, False, False, True]), (rows, 3)),
    }


def tensors(arrays, names=None):
    return [doors.tensor(name, arrays[name]) for name in names or arrays]


def row(*values):
    return [doors.tensor("x", np.array([values], np.float32))]


class Infer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = doors.connect(**({} if doors.IS_GRPC else {"concurrency": 4}))
        cls.addClassCleanup(cls.client.close)

    def assert_several(self, result, sent):
        for name, array in sent.items():
            samples.assert_same(self, result.as_numpy(name.replace("x", "y")), array)

    # Inputs and outputs

    def test_several_inputs_and_outputs(self):
        sent = several()
        result = self.client.infer("several", tensors(sent))
        self.assertEqual(doors.output_names(result), ["y0", "y1", "y2", "y3"])
        self.assert_several(result, sent)

    def test_inputs_are_matched_by_name_in_any_order(self):
        sent = several()
        self.assert_several(self.client.infer("several", tensors(sent, ["x2", "x0", "x3", "x1"])), sent)

    def test_a_batch_of_32(self):
        sent = several(32)
        self.assert_several(self.client.infer("several", tensors(sent)), sent)

    def test_only_the_requested_outputs_come_in_the_order_of_the_request(self):
        wanted = [doors.InferRequestedOutput(name) for name in ["y3", "y1"]]
        sent = several()
        result = self.client.infer("several", tensors(sent), outputs=wanted)
        self.assertEqual(doors.output_names(result), ["y3", "y1"])
        samples.assert_same(self, result.as_numpy("y1"), sent["x1"])
        samples.assert_same(self, result.as_numpy("y3"), sent["x3"])
        self.assertIsNone(result.as_numpy("y0"))

    def test_an_empty_list_of_outputs_asks_for_all(self):
        result = self.client.infer("several", tensors(several()), outputs=[])
        self.assertEqual(doors.output_names(result), ["y0", "y1", "y2", "y3"])

    def test_a_client_is_used_again_and_again(self):
        for turn in range(50):
            sent = several(turn % 4 + 1)
            self.assert_several(self.client.infer("several", tensors(sent)), sent)

    # Names

    def test_the_request_id_is_echoed(self):
        for request_id in ["42", "order/7 ü", "x" * 1000]:
            result = self.client.infer("stepped", row(1, 2), request_id=request_id)
            self.assertEqual(doors.response(result)["id"], request_id)

    def test_no_request_id_gives_none(self):
        self.assertEqual(doors.response(self.client.infer("stepped", row(1, 2))).get("id", ""), "")

    def test_versions(self):
        rows = [
            ("stepped", "", "2", [-1, 2], "none given: the highest that is not a pre-release"),
            ("stepped", "1", "1", [1, -2], "an exact one"),
            ("stepped", "2", "2", [-1, 2], "another exact one"),
            ("stepped", "1.0.0", "1", [1, -2], "1.0.0 is 1"),
            ("stepped", "3.0.0-rc.1", "3.0.0-rc.1", [1, 2], "a pre-release when asked for"),
            ("pinned", "", "1", [1, -2], "none given: the revision's default"),
            ("pinned", "2", "2", [-1, 2], "exact beside the revision's default"),
            ("guarded", "", "2", [-1, 2], "beside a blocked one"),
        ]
        for model, version, answered, expected, name in rows:
            with self.subTest(version=name):
                result = self.client.infer(model, row(1, -2), model_version=version)
                self.assertEqual(result.as_numpy("y").tolist(), [expected])
                self.assertEqual(doors.response(result)["model_name"], model)
                self.assertEqual(doors.response(result)["model_version"], answered)

    # Parameters

    def test_each_answer_names_its_prediction(self):
        ids = [
            uuid.UUID(doors.response_parameter(self.client.infer("stepped", row(1, 2)), "sluice_prediction_id"))
            for _ in range(3)
        ]
        self.assertEqual([each.version for each in ids], [7, 7, 7])
        self.assertEqual(ids, sorted(set(ids)))

    def test_parameters_are_accepted(self):
        rows = {
            "priority": {"priority": 1},
            "timeout": {"timeout": 10_000_000},
            "a timeout of zero": {"timeout": 0},
            "sequence": {"sequence_id": 7, "sequence_start": True, "sequence_end": True},
            "sequence by name": {"sequence_id": "seven"},
            "entity_id": {"parameters": {"entity_id": "customer-7"}},
            "a text": {"parameters": {"colour": "blue"}},
            "a number": {"parameters": {"weight": 1.5}},
            "an integer": {"parameters": {"count": -3}},
            "a boolean": {"parameters": {"loud": True}},
            "a header": {"headers": {"sluice-entity-id": "customer-7"}},
        }
        for name, options in rows.items():
            with self.subTest(parameter=name):
                self.assertEqual(self.client.infer("stepped", row(1, 2), **options).as_numpy("y").tolist(), [[-1, -2]])

    # The example models

    def test_digits_answers_its_golden_cases(self):
        for line in (STORE / "digits/1/golden.jsonl").read_text().splitlines()[:5]:
            golden = json.loads(line)
            with self.subTest(case=golden["name"]):
                (image,) = golden["inputs"]
                array = np.array(image["data"], np.float32).reshape(image["shape"])
                result = self.client.infer("digits", [doors.tensor("image", array)])
                self.assertEqual(doors.output_names(result), ["label", "probabilities"])
                for output in golden["outputs"]:
                    answer = result.as_numpy(output["name"])
                    self.assertEqual(list(answer.shape), output["shape"])
                    np.testing.assert_allclose(answer.flatten(), output["data"], atol=1e-4)

    def test_churn_takes_numbers_and_texts(self):
        numeric = np.array([[72, 20.5, 1502.25, 0, 1, 0, 1, 0]], np.float32)
        none = ["No internet service"] * 6
        texts = ["Female", "No", "No", *none, "Two year", "Credit card (automatic)"]
        inputs = {"numeric": numeric, "categories": np.array([texts], np.object_)}
        result = self.client.infer("churn", tensors(inputs))
        self.assertEqual(doors.response(result)["model_version"], "1.1.0")
        (probabilities,) = result.as_numpy("probabilities")
        self.assertAlmostEqual(float(probabilities.sum()), 1, places=5)
        self.assertAlmostEqual(float(probabilities[1]), 0.008383579042352497, places=5)

    # Asynchronous

    def test_asynchronous_calls_all_answer(self):
        answers = self.all_answers([{"request_id": str(index)} for index in range(20)])
        self.assertEqual({key: value.as_numpy("y").tolist() for key, value in answers.items()},
                         {str(index): [[-index, 1]] for index in range(20)})

    def all_answers(self, calls):
        """The results of asynchronous calls by request id."""
        sent = [(call, row(index, -1)) for index, call in enumerate(calls)]
        if doors.IS_GRPC:
            arrived = queue.Queue()
            for call, inputs in sent:
                self.client.async_infer("stepped", inputs, lambda result, error: arrived.put((result, error)), **call)
            results = [arrived.get(timeout=20) for _ in sent]
            self.assertEqual([error for _, error in results if error is not None], [])
            found = [result for result, _ in results]
        else:
            pending = [self.client.async_infer("stepped", inputs, **call) for call, inputs in sent]
            found = [each.get_result(timeout=20) for each in pending]
        return {doors.response(result)["id"]: result for result in found}

    def test_an_asynchronous_call_reports_its_error(self):
        if doors.IS_GRPC:
            arrived = queue.Queue()
            self.client.async_infer("nobody", row(1, 2), lambda result, error: arrived.put((result, error)))
            result, error = arrived.get(timeout=20)
            self.assertIsNone(result)
            self.assertEqual(error.status(), doors.status("NOT_FOUND"))
        else:
            with doors.refused(self, "NOT_FOUND", "unknown model"):
                self.client.async_infer("nobody", row(1, 2)).get_result(timeout=20)


if __name__ == "__main__":
    cases.main()
