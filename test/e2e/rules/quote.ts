import { identityModel } from '@sluice/kernel/testing/onnx-model';

/** A release that answers what it is asked, with rules before and after the model. */

const manifest = `
apiVersion: sluice/v1
model: quote
version: 1.0.0
features:
  - { name: vehicle, type: category, required: true, tensor: x1 }
  - { name: power, type: number, required: true, tensor: x0, column: 0 }
  - { name: age, type: number, tensor: x0, column: 1 }
  - { name: ratio, type: number, derived: power / age, tensor: x0, column: 2 }
  - { name: low, type: number, default: 10, tensor: x2 }
  - { name: high, type: number, default: 20.126, tensor: x3 }
outputs:
  ratio: { tensor: y0, column: 2, round: 2 }
  interval: { lower: y2, upper: y3, round: 1 }
  best: { tensor: y0, labels: [power, age, ratio], top: 2 }
  car: { fields: { vehicle: { tensor: y1 }, power: { tensor: y0, column: 0 } } }
constants:
  known_vehicles: [Ford Focus, VW Golf]
parameters:
  max_width: 100
rules:
  - { when: "!(vehicle in known_vehicles)", code: UNKNOWN_VEHICLE, message: "No price for '\${vehicle}'" }
  - { when: age != null && age < 18, code: TOO_YOUNG, message: "nobody of \${age} may drive" }
  - { when: power > 1000 && age > 99, code: BROKEN, message: fails where there is no age }
  - on: output
    when: outputs.interval.upper - outputs.interval.lower > parameters.max_width
    code: TOO_UNCERTAIN
    message: between \${outputs.interval.lower} and \${outputs.interval.upper}
`;

const golden = [
  {
    name: 'a known car',
    features: { vehicle: 'VW Golf', power: 90, age: 45 },
    derived: { ratio: 2 },
    outputs: { ratio: 2 },
  },
  { name: 'an unknown one', features: { vehicle: 'Trabant', power: 26 }, refusal: 'UNKNOWN_VEHICLE' },
  { name: 'a wide one', features: { vehicle: 'VW Golf', power: 1, high: 200 }, refusal: 'TOO_UNCERTAIN' },
];

const f32 = (columns: number) => ({ datatype: 'FP32', shape: ['N', columns] }) as const;

/** Its files in a store. */
export const quoteFiles: Readonly<Record<string, Uint8Array | string>> = {
  'quote/1.0.0/model.onnx': identityModel([f32(3), { datatype: 'BYTES', shape: ['N', 1] }, f32(1), f32(1)]),
  'quote/1.0.0/sluice.yaml': manifest,
  'quote/1.0.0/golden.jsonl': golden.map((each) => JSON.stringify(each)).join('\n'),
};
