"""tritonclient.grpc and tritonclient.http behind the same names, so that one script asks both doors."""

import contextlib
import os

DOOR = os.environ["SLUICE_DOOR"]
ADDRESS = os.environ["SLUICE_ADDRESS"]
IS_GRPC = DOOR == "grpc"

if IS_GRPC:
    import tritonclient.grpc as triton
else:
    import tritonclient.http as triton

from tritonclient.utils import InferenceServerException, np_to_triton_dtype  # noqa: E402

InferInput = triton.InferInput
InferRequestedOutput = triton.InferRequestedOutput

# What status() says for each code of docs/errors.md, by the name of its gRPC status.
HTTP_STATUSES = {
    "INVALID_ARGUMENT": "400",
    "FAILED_PRECONDITION": "400",
    "NOT_FOUND": "404",
    "RESOURCE_EXHAUSTED": "413",
    "INTERNAL": "500",
    "UNIMPLEMENTED": "501",
    "UNAVAILABLE": "503",
    "DEADLINE_EXCEEDED": "504",
}


def status(name):
    return f"StatusCode.{name}" if IS_GRPC else HTTP_STATUSES[name]


def connect(**options):
    return triton.InferenceServerClient(ADDRESS, **options)


def tensor(name, array, datatype=None):
    """An input of the array's own datatype and shape."""
    made = InferInput(name, list(array.shape), datatype or np_to_triton_dtype(array.dtype))
    return made.set_data_from_numpy(array)


def set_raw(made, raw):
    """Puts other bytes under an input, which the client would not do by itself."""
    if IS_GRPC:
        made._raw_content = raw
    else:
        made._raw_data = raw
        made._parameters["binary_data_size"] = len(raw)
    return made


def response(result):
    """The response as a dict in which absent and empty fields are the same."""
    return result.get_response(as_json=True) if IS_GRPC else result.get_response()


def response_parameter(result, name):
    if IS_GRPC:
        return result.get_response().parameters[name].string_param
    return result.get_response().get("parameters", {}).get(name)


def output_names(result):
    return [output["name"] for output in response(result)["outputs"]]




def ask(method, *args, **options):
    """An answer as a dict, from either client."""
    if IS_GRPC:
        options["as_json"] = True
    return method(*args, **options)


def config_of(client, model, version=""):
    answer = ask(client.get_model_config, model, version)
    return answer["config"] if IS_GRPC else answer


def statistics_of(client, *args):
    answer = ask(client.get_inference_statistics, *args)
    return {(each["name"], each["version"]): each for each in answer.get("model_stats", [])}


def index_of(client):
    answer = ask(client.get_model_repository_index)
    models = answer["models"] if IS_GRPC else answer
    return {(each["name"], each["version"]): each for each in models}


def shapes(tensors):
    return [[int(size) for size in each.get("shape", each.get("dims", []))] for each in tensors]


@contextlib.contextmanager
def refused(test, name, *words):
    """The block must be refused with that status, in a message that holds each of the words."""
    with test.assertRaises(InferenceServerException) as caught:
        yield caught
    error = caught.exception
    test.assertEqual(error.status(), status(name), error.message())
    for word in words:
        test.assertIn(str(word), error.message())
