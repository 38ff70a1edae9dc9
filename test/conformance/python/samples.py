"""Arrays of every datatype, and what they must come back as."""

import numpy as np

NUMPY = {
    "BOOL": np.bool_,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}
DATATYPES = list(NUMPY)
TEXTS = ["", "plain", "naïve", "数据", "🦦🌊", "a,b\n\"c\"", "x" * 300]


def texts(shape):
    count = int(np.prod(shape))
    chosen = [TEXTS[index % len(TEXTS)] for index in range(count)]
    return np.array(chosen + [None], dtype=np.object_)[:-1].reshape(shape)


def extremes(datatype):
    """The values at the edges of a numeric datatype."""
    kind = NUMPY[datatype]
    if datatype == "BOOL":
        return [True, False]
    if datatype.startswith("FP"):
        facts = np.finfo(kind)
        return [0.0, -0.0, 1.5, facts.max, facts.min, facts.tiny, facts.smallest_subnormal, np.inf, -np.inf, np.nan]
    facts = np.iinfo(kind)
    return [0, 1, facts.min, facts.max, 7]


def array(datatype, shape):
    """Values of that shape that reach the edges of the datatype and repeat."""
    if datatype == "BYTES":
        return texts(shape)
    return np.resize(np.array(extremes(datatype), NUMPY[datatype]), shape)


def assert_same(test, actual, expected):
    """Bit for bit, NaN and -0.0 too; BYTES come back as bytes."""
    test.assertIsNotNone(actual, "the output is not in the answer")
    test.assertEqual(actual.shape, expected.shape)
    test.assertEqual(actual.dtype, expected.dtype)
    if expected.dtype == np.object_:
        encoded = [each if isinstance(each, bytes) else each.encode() for each in expected.flatten()]
        received = [each if isinstance(each, bytes) else each.encode() for each in actual.flatten()]
        test.assertEqual(received, encoded)
    else:
        test.assertEqual(actual.tobytes(), expected.tobytes())
