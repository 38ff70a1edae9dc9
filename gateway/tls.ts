import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { z } from 'zod';

/** What both doors show and prove, in PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const parsers = {
  certificate: (bytes: Buffer) => void new X509Certificate(bytes),
  'private key': (bytes: Buffer) => void createPrivateKey(bytes),
} as const;

/** A variable that names a PEM file, which is looked into. */
export const tlsFile = (kind: keyof typeof parsers) =>
  z
    .string()
    .superRefine((path, context) => {
      try {
        parsers[kind](readFileSync(path));
      } catch (error) {
        context.addIssue(`expected a PEM file with a ${kind}: ${messageOf(error)}`);
      }
    })
    .optional();

interface TlsVariables {
  readonly TLS_CERT_FILE?: string | undefined;
  readonly TLS_KEY_FILE?: string | undefined;
}

/** @throws Error when a file cannot be read. */
export const readTls = ({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }: TlsVariables): TlsFiles | undefined =>
  cert === undefined || key === undefined ? undefined : { cert: readFileSync(cert), key: readFileSync(key) };

const fitFault = (variables: TlsVariables): string | undefined => {
  try {
    const files = readTls(variables);
    if (files !== undefined) createSecureContext({ ...files, minVersion: 'TLSv1.2' });
    return undefined;
  } catch (error) {
    return `expected the private key of TLS_CERT_FILE: ${messageOf(error)}`;
  }
};

/** What is wrong with the two variables together. */
export const tlsFaults = (variables: TlsVariables, context: z.RefinementCtx): void => {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = variables;
  const fault = (variable: keyof TlsVariables, message: string): void =>
    context.addIssue({ code: 'custom', path: [variable], message });
  if (cert !== undefined && key === undefined)
    fault('TLS_KEY_FILE', 'expected a file, as TLS_CERT_FILE is set');
  if (cert === undefined && key !== undefined)
    fault('TLS_CERT_FILE', 'expected a file, as TLS_KEY_FILE is set');
  const misfit = fitFault(variables);
  if (misfit !== undefined) fault('TLS_KEY_FILE', misfit);
};
