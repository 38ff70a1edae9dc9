import { createHash, timingSafeEqual } from 'node:crypto';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';

/** Refuses whoever has not the admin key. @throws SluiceError UNAUTHENTICATED or PERMISSION_DENIED */
export type CheckAdmin = (authorization: string) => void;

const scheme = /^bearer +(\S+)$/i;

const switchedOff =
  'publishing is switched off: ADMIN_KEY_SHA256 of the gateway says the SHA-256 of the key that allows it';
const missing =
  "the admin key is missing: expected the metadata 'authorization: Bearer <key>' (sluice finds it in SLUICE_ADMIN_KEY or --admin-key-file)";

/** @param keySha256 of the admin key, hexadecimal; undefined: there is none, and nobody is an admin. */
export const adminCheck = (keySha256: string | undefined): CheckAdmin => {
  const expected = Buffer.from(keySha256 ?? '', 'hex');
  return (authorization) => {
    if (keySha256 === undefined) throw new SluiceError('PERMISSION_DENIED', switchedOff);
    const [, key] = scheme.exec(authorization) ?? [];
    if (key === undefined) throw new SluiceError('UNAUTHENTICATED', missing);
    const given = createHash('sha256').update(key).digest();
    if (!timingSafeEqual(given, expected))
      throw new SluiceError('UNAUTHENTICATED', 'this is not the admin key of the gateway');
  };
};
