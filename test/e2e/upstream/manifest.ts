/** A tensor as a manifest declares it. */
export interface Declared {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface UpstreamManifest {
  /** host:port of the other server. */
  readonly address: string;
  /** Its name for the model. */
  readonly of: string;
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
}

/** sluice.yaml of version 1.0.0 of a release of kind upstream. JSON is YAML. */
export const upstreamManifest = (model: string, { address, of, inputs, outputs }: UpstreamManifest): string =>
  JSON.stringify({
    apiVersion: 'sluice/v1',
    model,
    version: '1.0.0',
    kind: 'upstream',
    upstream: { url: `grpc://${address}`, model: of, identity: 'a test' },
    signature: { inputs, outputs },
  });

export const fp32 = (name: string, ...shape: number[]): Declared => ({ name, datatype: 'FP32', shape });

/** One line of golden.jsonl: one number in, one number out. */
export const goldenEcho = (given: number, expected: number, datatype = 'FP32'): string =>
  JSON.stringify({
    name: 'an echo',
    inputs: [{ ...fp32('x0', 1, 1), data: [given] }],
    outputs: [{ name: 'y0', datatype, shape: [1, 1], data: [expected] }],
  });
