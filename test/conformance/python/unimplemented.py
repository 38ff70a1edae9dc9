"""What Sluice leaves out of Triton's service is said to be missing, by a status and not by a broken answer."""

import unittest

import cases
import doors
from tritonclient.utils import InferenceServerException

# HTTP has no UNIMPLEMENTED: the path is unknown, or the server says that it does not do that.
ACCEPTED = ["StatusCode.UNIMPLEMENTED"] if doors.IS_GRPC else ["404", "501"]


def calls(client):
    return {
        "system shared memory status": client.get_system_shared_memory_status,
        "register system shared memory": lambda: client.register_system_shared_memory("region", "/key", 64),
        "unregister system shared memory": client.unregister_system_shared_memory,
        "cuda shared memory status": client.get_cuda_shared_memory_status,
        "register cuda shared memory": lambda: client.register_cuda_shared_memory("region", b"aGFuZGxl", 0, 64),
        "unregister cuda shared memory": client.unregister_cuda_shared_memory,
        "trace settings": client.get_trace_settings,
        "trace settings of a model": lambda: client.get_trace_settings(model_name="churn"),
        "update trace settings": lambda: client.update_trace_settings(settings={"trace_level": ["OFF"]}),
        "log settings": client.get_log_settings,
        "update log settings": lambda: client.update_log_settings({"log_info": True}),
    }


class Unimplemented(unittest.TestCase):
    def test_refused(self):
        with doors.connect() as client:
            for name, call in calls(client).items():
                with self.subTest(call=name):
                    with self.assertRaises(InferenceServerException) as caught:
                        call()
                    self.assertIn(caught.exception.status(), ACCEPTED)
                    self.assertNotIn("while decoding", caught.exception.message())
                    self.assertTrue(client.is_server_live())


if __name__ == "__main__":
    cases.main()
