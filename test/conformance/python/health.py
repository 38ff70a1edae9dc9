"""Liveness, readiness and what the server says of itself."""

import unittest

import cases
import doors


class Health(unittest.TestCase):
    def setUp(self):
        self.client = doors.connect()
        self.addCleanup(self.client.close)

    def test_the_server_is_live(self):
        self.assertIs(self.client.is_server_live(), True)

    def test_the_server_is_ready(self):
        self.assertIs(self.client.is_server_ready(), True)

    def test_headers_are_accepted(self):
        self.assertTrue(self.client.is_server_live(headers={"x-trace": "1"}))

    def test_a_model_is_ready_with_and_without_a_version(self):
        for version in ["", "1.1.0", "1.0.0"]:
            with self.subTest(version=version or "none"):
                self.assertIs(self.client.is_model_ready("churn", version), True)

    def test_an_integer_version_is_the_full_one(self):
        self.assertTrue(self.client.is_model_ready("digits", "1"))
        self.assertTrue(self.client.is_model_ready("digits", "1.0.0"))

    def test_what_cannot_answer_is_not_ready(self):
        # Triton answers false for each of these, never an error (core, InferenceServer::ModelIsReady).
        for model, version in [("nobody", ""), ("churn", "9.9.9"), ("half_broken", "2"), ("half_broken", "")]:
            with self.subTest(asked=f"{model} {version}"):
                self.assertIs(self.client.is_model_ready(model, version), False)

    def test_the_version_beside_a_broken_one_is_ready(self):
        self.assertTrue(self.client.is_model_ready("half_broken", "1"))

    def test_metadata_of_the_server(self):
        metadata = doors.ask(self.client.get_server_metadata)
        self.assertEqual(metadata["name"], "sluice")
        self.assertRegex(metadata["version"], r"^\d+\.\d+\.\d+")

    def test_only_extensions_that_work_are_listed(self):
        extensions = doors.ask(self.client.get_server_metadata)["extensions"]
        self.assertLessEqual(
            {"model_repository", "model_configuration", "binary_tensor_data", "parameters", "statistics"},
            set(extensions),
        )
        for absent in ["classification", "sequence", "system_shared_memory", "cuda_shared_memory", "trace"]:
            self.assertNotIn(absent, extensions)

    def test_a_client_is_a_context_manager(self):
        with doors.connect() as client:
            self.assertTrue(client.is_server_live())


if __name__ == "__main__":
    cases.main()
