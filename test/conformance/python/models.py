"""Metadata, configuration, the repository index, statistics, load and unload."""

import time
import unittest

import cases
import doors
import numpy as np

CHURN = {("churn", version) for version in ("1.0.0", "1.1.0", "2.0.0")}
EXAMPLES = CHURN | {("car-price", "1.0.0"), ("house-price", "1.0.0"), ("digits", "1")}
# The configuration's names of the metadata's datatypes.
TYPES = {"BYTES": "TYPE_STRING"}


def vector(rows=1):
    return [doors.tensor("x0", np.ones((rows, 3), np.float32))]


def wait_until(condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


class Models(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)

    def metadata(self, model, version=""):
        return doors.ask(self.client.get_model_metadata, model, version)

    def statistics(self, *args):
        return doors.statistics_of(self.client, *args)

    def test_metadata_names_tensors_datatypes_and_shapes(self):
        metadata = self.metadata("digits")
        self.assertEqual(metadata["name"], "digits")
        self.assertEqual(metadata["versions"], ["1"])
        self.assertEqual(metadata["platform"], "onnxruntime_onnx")
        (image,) = metadata["inputs"]
        self.assertEqual((image["name"], image["datatype"]), ("image", "FP32"))
        self.assertEqual(doors.shapes(metadata["inputs"]), [[-1, 8, 8]])
        outputs = {each["name"]: each["datatype"] for each in metadata["outputs"]}
        self.assertEqual(outputs, {"label": "INT64", "probabilities": "FP32"})
        self.assertEqual(doors.shapes(metadata["outputs"]), [[-1], [-1, 10]])

    def test_metadata_lists_every_version(self):
        self.assertEqual(set(self.metadata("churn")["versions"]), {"1.0.0", "1.1.0", "2.0.0"})

    def test_metadata_without_a_version_is_that_of_the_default(self):
        self.assertEqual({each["name"] for each in self.metadata("churn")["inputs"]}, {"numeric", "categories"})
        self.assertEqual({each["name"] for each in self.metadata("churn", "1.0.0")["inputs"]}, {"features"})

    def test_metadata_of_a_scalar_has_no_dimensions(self):
        self.assertEqual(doors.shapes(self.metadata("scalar_fp32")["inputs"]), [[]])

    def test_configuration_agrees_with_the_metadata(self):
        for model in ["churn", "house-price", "digits", "several", "fixed", "batched", "slow", "scalar_bytes"]:
            with self.subTest(model=model):
                metadata, config = self.metadata(model), doors.config_of(self.client, model)
                self.assertEqual(config["name"], model)
                batched = int(config.get("max_batch_size", 0)) > 0
                for side, ours in [("inputs", "input"), ("outputs", "output")]:
                    names = [(each["name"], each["datatype"]) for each in metadata[side]]
                    declared = [(each["name"], each["data_type"]) for each in config[ours]]
                    self.assertEqual([(name, TYPES.get(of, f"TYPE_{of}")) for name, of in names], declared)
                    dims = [[-1] * batched + each for each in doors.shapes(config[ours])]
                    self.assertEqual(doors.shapes(metadata[side]), dims)

    def test_max_batch_size_is_that_of_config_pbtxt(self):
        self.assertEqual(int(doors.config_of(self.client, "batched")["max_batch_size"]), 8)

    def test_a_model_without_a_batch_axis_has_no_max_batch_size(self):
        for model in ["fixed", "slow", "scalar_fp32"]:
            self.assertEqual(int(doors.config_of(self.client, model).get("max_batch_size", 0)), 0)

    def test_the_repository_index_lists_every_release_with_its_state(self):
        index = doors.index_of(self.client)
        for release in EXAMPLES:
            self.assertEqual(index[release]["state"], "READY", release)
        broken = index[("half_broken", "2")]
        self.assertEqual(broken["state"], "UNAVAILABLE")
        self.assertNotEqual(broken.get("reason", ""), "")
        self.assertEqual(index[("half_broken", "1")]["state"], "READY")

    def test_statistics_count_requests_and_rows(self):
        before = self.statistics("counted", "1").get(("counted", "1"), {})
        for rows in [1, 5]:
            self.client.infer("counted", vector(rows))
        after = self.statistics("counted", "1")[("counted", "1")]

        def grown(*path):
            old, new = before, after
            for key in path:
                old, new = old.get(key, {}), new.get(key, {})
            return int(new or 0) - int(old or 0)

        self.assertEqual(grown("inference_count"), 6)
        self.assertEqual(grown("execution_count"), 2)
        for phase in ["success", "queue", "compute_input", "compute_infer", "compute_output"]:
            self.assertEqual(grown("inference_stats", phase, "count"), 2, phase)
        self.assertGreater(grown("inference_stats", "success", "ns"), grown("inference_stats", "compute_infer", "ns"))
        self.assertGreater(grown("inference_stats", "compute_infer", "ns"), 0)
        self.assertLess(abs(int(after["last_inference"]) / 1000 - time.time()), 60)

    def test_statistics_count_failures(self):
        def failures():
            stats = self.statistics("counted")[("counted", "1")]["inference_stats"]
            return int(stats.get("fail", {}).get("count", 0))

        self.client.infer("counted", vector())
        before = failures()
        wrong = [doors.tensor("x0", np.ones((1, 4), np.float32))]
        with doors.refused(self, "INVALID_ARGUMENT"):
            self.client.infer("counted", wrong)
        self.assertEqual(failures(), before + 1)

    def test_statistics_without_a_version_are_those_of_all_versions(self):
        self.assertEqual(set(self.statistics("churn")), CHURN)

    def test_statistics_of_a_model_with_a_broken_or_blocked_version_are_answered(self):
        self.assertIn(("half_broken", "1"), self.statistics("half_broken"))
        self.assertIn(("guarded", "2"), self.statistics("guarded"))

    def test_statistics_without_a_model_are_those_of_all_models(self):
        self.client.infer("counted", vector())
        self.client.infer("batched", vector())
        self.assertLessEqual({("counted", "1"), ("batched", "1")}, set(self.statistics()))

    def test_what_does_not_exist_is_refused_by_each_call(self):
        calls = {
            "metadata": self.client.get_model_metadata,
            "config": self.client.get_model_config,
            "statistics": self.client.get_inference_statistics,
        }
        for name, call in calls.items():
            with self.subTest(call=name, of="model"), doors.refused(self, "NOT_FOUND", "unknown model", "nobody"):
                call("nobody")
            with self.subTest(call=name, of="version"), doors.refused(self, "NOT_FOUND", "churn", "9.9.9", "1.1.0"):
                call("churn", "9.9.9")


class LoadAndUnload(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)
        self.addCleanup(self.client.load_model, "switched")

    def ready(self):
        return self.client.is_model_ready("switched")

    def infer(self):
        row = doors.tensor("x", np.array([[1, -2]], np.float32))
        return self.client.infer("switched", [row]).as_numpy("y").tolist()

    def test_an_unloaded_model_is_unavailable_until_it_is_loaded_again(self):
        self.assertEqual(self.infer(), [[-1, 2]])
        self.client.unload_model("switched")
        self.assertTrue(wait_until(lambda: not self.ready()), "still ready after unload_model")
        self.assertEqual(doors.index_of(self.client)[("switched", "1")]["state"], "UNAVAILABLE")
        with doors.refused(self, "UNAVAILABLE", "switched"):
            self.infer()
        self.client.load_model("switched")
        self.assertTrue(wait_until(self.ready), "not ready after load_model")
        self.assertEqual(self.infer(), [[-1, 2]])

    def test_a_loaded_model_answers_at_once(self):
        self.client.unload_model("switched")
        self.client.load_model("switched")
        self.assertTrue(self.ready())
        self.assertEqual(self.infer(), [[-1, 2]])

    def test_an_unloaded_model_is_gone_at_once(self):
        self.client.unload_model("switched")
        self.assertFalse(self.ready())

    def test_loading_what_is_loaded_changes_nothing(self):
        self.client.load_model("switched")
        self.assertEqual(self.infer(), [[-1, 2]])

    def test_unloading_accepts_unload_dependents(self):
        self.client.unload_model("switched", unload_dependents=True)
        self.assertTrue(wait_until(lambda: not self.ready()))

    def test_an_unknown_model_cannot_be_loaded(self):
        with doors.refused(self, "NOT_FOUND", "failed to load", "nobody"):
            self.client.load_model("nobody")

    def test_a_configuration_that_would_override_the_release_is_refused(self):
        with doors.refused(self, "UNIMPLEMENTED", "config"):
            self.client.load_model("switched", config='{"max_batch_size": 4}')
        self.assertEqual(self.infer(), [[-1, 2]])


if __name__ == "__main__":
    cases.main()
