import { pair, withRawX0, withX0, x0, x1 } from './bad-input/requests.ts';
import type { Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const jsonHasOneForm = 'JSON data has no fields to choose from';

const rows: readonly Row[] = [
  {
    name: 'another datatype than the declared one',
    request: withX0({ datatype: 'FP64' }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.datatype: expected FP32, got FP64/,
    violation: 'inputs.x0.datatype',
  },
  {
    name: 'a datatype that the protocol does not have',
    request: withX0({ datatype: 'FLOAT' }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.datatype: .*'FLOAT' is no datatype of the protocol/,
    violation: 'inputs.x0.datatype',
  },
  {
    name: 'a rank too low',
    request: withX0({ shape: [3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.shape: expected \[-1,3\], got \[3\]/,
    violation: 'inputs.x0.shape',
  },
  {
    name: 'a rank too high',
    request: withX0({ shape: [1, 1, 3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.shape: expected \[-1,3\], got \[1,1,3\]/,
    violation: 'inputs.x0.shape',
  },
  {
    name: 'a dimension of another size',
    request: withX0({ shape: [1, 4], values: [1, 2, 3, 4] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.shape: expected \[-1,3\], got \[1,4\]/,
    violation: 'inputs.x0.shape',
  },
  {
    name: 'a dimension below zero',
    request: withX0({ shape: [-1, 3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.shape: every dimension must be .*, got \[-1,3\]/,
    violation: 'inputs.x0.shape',
  },
  {
    name: 'a dimension beyond what memory could hold',
    request: withRawX0(new Uint8Array(12), { shape: [4_294_967_295, 3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.data: FP32 of shape \[4294967295,3\] needs 51539607540 bytes, 12 came/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'a dimension beyond 32 bits',
    request: withRawX0(new Uint8Array(12), { shape: [2 ** 53, 3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.shape: every dimension must be .*, got \[9007199254740992,3\]/,
    violation: 'inputs.x0.shape',
  },
  {
    name: 'fewer elements than the shape says',
    request: withX0({ values: [1, 2] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.*shape \[1,3\] needs (3 elements, 2|12 bytes, 8) came/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'more elements than the shape says',
    request: withX0({ values: [1, 2, 3, 4] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.*shape \[1,3\] needs (3 elements, 4|12 bytes, 16) came/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'fewer bytes than the shape says',
    request: withRawX0(new Uint8Array(11)),
    code: 'INVALID_INPUT',
    message: /inputs.x0.data: FP32 of shape \[1,3\] needs 12 bytes, 11 came/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'more bytes than the shape says',
    request: withRawX0(new Uint8Array(16)),
    code: 'INVALID_INPUT',
    message: /inputs.x0.data: FP32 of shape \[1,3\] needs 12 bytes, 16 came/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'inputs whose batches differ',
    request: withX0({ shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }),
    code: 'INVALID_INPUT',
    message: /inputs.x1.shape: the batch axis of all inputs must agree: x0 has 2, x1 has 1/,
    violation: 'inputs.x1.shape',
  },
  {
    name: 'an input with neither raw nor typed contents',
    request: pair({ inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 3] }, x1] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0/,
    violation: 'inputs.x0.data',
  },
  {
    name: 'raw and typed contents for one input',
    request: pair({
      inputs: [
        { ...x0, raw: new Uint8Array(12) },
        { ...x1, raw: new Uint8Array(8) },
      ],
    }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.contents: typed contents and raw_input_contents exclude each other/,
    violation: 'inputs.x0.contents',
    at: { rest: { message: /inputs.x0.*data.*binary_data_size.*exclude each other/ } },
  },
  {
    name: 'raw contents for one input and typed ones for another',
    request: pair({ inputs: [{ ...x0, values: [], raw: new Uint8Array(12) }, x1] }),
    code: 'INVALID_INPUT',
    message: /inputs.x1.contents: typed contents and raw_input_contents exclude each other/,
    violation: 'inputs.x1.contents',
    not: { rest: 'the binary extension lets each input choose' },
  },
  {
    name: 'raw contents for fewer inputs than there are',
    request: pair({
      inputs: [
        { name: 'x0', datatype: 'FP32', shape: [1, 3], raw: new Uint8Array(12) },
        { name: 'x1', datatype: 'INT64', shape: [1] },
      ],
    }),
    code: 'INVALID_INPUT',
    message: /raw_input_contents: expected 2 for 2 inputs, got 1/,
    violation: 'raw_input_contents',
    not: { rest: 'each input says its own binary_data_size' },
  },
  {
    name: 'typed contents in the field of another datatype',
    request: withX0({ field: 'fp64Contents' }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.contents: FP32 comes in fp32_contents, but fp64_contents is filled/,
    violation: 'inputs.x0.contents',
    not: { rest: jsonHasOneForm },
  },
  {
    name: 'FP16 with typed contents',
    request: {
      infer: { model: 'half', inputs: [{ name: 'x0', datatype: 'FP16', shape: [1, 2], values: [1, 2] }] },
    },
    code: 'INVALID_INPUT',
    message: /inputs.x0.contents: FP16 has no typed contents, it comes as raw contents only/,
    violation: 'inputs.x0.contents',
    at: { rest: { message: /inputs.x0.*FP16 has no JSON form, send it as binary/ } },
  },
  {
    name: 'a fraction among integers',
    request: pair({ inputs: [x0, { ...x1, values: [1.5] }] }),
    code: 'INVALID_INPUT',
    message: /inputs.x1.*element 0: expected INT64.*, got 1.5/,
    violation: 'inputs.x1.data',
    not: { unary: 'int64_contents cannot say it', stream: 'int64_contents cannot say it' },
  },
  {
    name: 'a string among numbers',
    request: withX0({ values: [1, 'two', 3] }),
    code: 'INVALID_INPUT',
    message: /inputs.x0.*element 1: expected FP32, got "two"/,
    violation: 'inputs.x0.data',
    not: { unary: 'fp32_contents cannot say it', stream: 'fp32_contents cannot say it' },
  },
];

runRows('tensors that do not fit', rows);
