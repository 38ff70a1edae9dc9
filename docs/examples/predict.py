import numpy as np
import tritonclient.grpc as triton

image = [
    [0, 0, 1, 12, 12, 3, 0, 0],
    [0, 0, 9, 13, 5, 14, 0, 0],
    [0, 0, 15, 3, 0, 10, 2, 0],
    [0, 3, 16, 4, 0, 9, 4, 0],
    [0, 4, 13, 0, 0, 9, 2, 0],
    [0, 3, 13, 0, 1, 15, 0, 0],
    [0, 0, 13, 6, 8, 9, 0, 0],
    [0, 0, 2, 14, 12, 2, 0, 0],
]

client = triton.InferenceServerClient("127.0.0.1:8001")
tensor = triton.InferInput("image", [1, 8, 8], "FP32")
tensor.set_data_from_numpy(np.array([image], dtype=np.float32))

answer = client.infer("digits", [tensor])
print("digit", answer.as_numpy("label")[0])
print("probability", round(float(answer.as_numpy("probabilities").max()), 3))
