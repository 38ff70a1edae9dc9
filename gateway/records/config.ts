import { durationMs, flag } from '@sluice/kernel/config/environment';
import { z } from 'zod';
import { traceUrlFault } from './trace-url.ts';

/** Shorter keys could be guessed. */
const fewestCharacters = 32;

const traceUrlTemplate = z
  .string()
  .superRefine((template, context) => {
    const fault = traceUrlFault(template);
    if (fault !== undefined) context.addIssue(fault);
  })
  .optional();

/** The variables about records, beside those of the spool, the event log and the database. */
export const recordShape = {
  RECORDS: flag()
    .default(true)
    .describe('whether requests are recorded, as the revision says of their model'),
  GATEWAY_ID: z
    .string()
    .regex(/^[\w.:-]{1,128}$/, 'expected at most 128 letters, digits, dots, colons, dashes and underscores')
    .optional()
    .describe("this gateway's name in its records; default the machine's name"),
  RECORD_REDACTION_KEY: z
    .string()
    .min(fewestCharacters, `expected at least ${fewestCharacters} characters`)
    .optional()
    .describe('key of the hashes of hidden features; none: these features are dropped instead'),
  TRACE_URL_TEMPLATE: traceUrlTemplate.describe(
    'link to a trace, with {trace_id} in its place; none: no links',
  ),
  NOT_YET_VISIBLE_MS: durationMs()
    .default(10_000)
    .describe('age of a prediction up to which its record may still be on its way from another gateway'),
};
