import type { InferParameter__Output } from '@sluice/protos/gen/inference/InferParameter';
import type { Violation } from '../errors/sluice-error.ts';

export type ParameterValue = boolean | number | string;

/** Request parameters with a meaning. */
export interface RequestParameters {
  /** Lower is more urgent; 0: the default. */
  readonly priority: number;
  /** Microseconds; undefined: not given. */
  readonly timeoutUs: number | undefined;
  readonly entityId: string | undefined;
  /** All of them, as they came; undefined: there are none. */
  readonly sent?: Readonly<Record<string, ParameterValue>> | undefined;
}

const accepted = new Set(['triton_enable_empty_final_response']);
/** No integer parameter may be larger: 64 bits do not fit a number. */
const largest = Number.MAX_SAFE_INTEGER;

/** Parameters of a gRPC message as plain values. */
export const plainParameters = (
  wire: Record<string, InferParameter__Output>,
): Record<string, ParameterValue> => {
  const plain: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(wire)) {
    const chosen =
      value.boolParam ?? value.stringParam ?? value.doubleParam ?? value.int64Param ?? value.uint64Param;
    if (chosen !== undefined) plain[name] = isInteger(value) ? Number(chosen) : chosen;
  }
  return plain;
};

const isInteger = (value: InferParameter__Output): boolean =>
  value.int64Param !== undefined || value.uint64Param !== undefined;

const wholeNumber = (value: ParameterValue | undefined): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest;

const checkNumber = (name: string, value: ParameterValue | undefined): Violation[] =>
  value === undefined || wholeNumber(value)
    ? []
    : [
        {
          path: `parameters.${name}`,
          rule: 'type',
          message: `expected a whole number of at least 0, got ${String(value)}`,
        },
      ];

/** Faults of the parameters: unknown `triton_` ones, and wrong types. */
export const checkParameters = (plain: Readonly<Record<string, ParameterValue>>): Violation[] => {
  const strange = Object.keys(plain).filter((name) => name.startsWith('triton_') && !accepted.has(name));
  const entity = plain['entity_id'];
  return [
    ...strange.map((name) => ({
      path: `parameters.${name}`,
      rule: 'unknown',
      message: 'parameters that begin with triton_ are reserved, and this one is not understood',
    })),
    ...checkNumber('priority', plain['priority']),
    ...checkNumber('timeout', plain['timeout']),
    ...(entity === undefined || typeof entity === 'string'
      ? []
      : [
          { path: 'parameters.entity_id', rule: 'type', message: `expected a string, got ${String(entity)}` },
        ]),
  ];
};

/** The parameters that have a meaning; to be called after checkParameters found no fault. */
export const requestParameters = (plain: Readonly<Record<string, ParameterValue>>): RequestParameters => {
  const {
    priority,
    timeout,
    entity_id: entityId,
  } = plain as Partial<Record<string, ParameterValue>> & { priority?: ParameterValue };
  return {
    priority: Number(priority ?? 0),
    timeoutUs: timeout === undefined || Number(timeout) === 0 ? undefined : Number(timeout),
    entityId: entityId === undefined ? undefined : String(entityId),
    ...(Object.keys(plain).length > 0 && { sent: plain }),
  };
};
