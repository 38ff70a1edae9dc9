"""The model of the benchmark in MLServer: a runtime of one's own, as short as MLServer allows.

It answers on the event loop, as MLServer's own runtimes do, takes the tensor as NumPy array and writes the
outputs without the codec's search for NaN.
"""

import numpy as np
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput

DATATYPES = {np.dtype(np.float32): "FP32", np.dtype(np.int64): "INT64"}


def encode(name: str, value: np.ndarray) -> ResponseOutput:
    return ResponseOutput(
        name=name, datatype=DATATYPES[value.dtype], shape=list(value.shape), data=value.ravel().tolist()
    )


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        uri = self.settings.parameters.uri
        self.session = onnxruntime.InferenceSession(uri, options, providers=["CPUExecutionProvider"])
        self.output_names = [output.name for output in self.session.get_outputs()]
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        inputs = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        outputs = self.session.run(self.output_names, inputs)
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[encode(name, value) for name, value in zip(self.output_names, outputs)],
        )
