import { randomUUID } from 'node:crypto';

/**
 * A UUIDv7: 48 bits of Unix milliseconds, the version, 74 random bits (RFC 9562 §5.7). The random
 * part is that of randomUUID, which keeps entropy in stock; the uuid package asks the system for
 * every id, which costs 9 µs here.
 */
export const newPredictionId = (now: number = Date.now()): string => {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};
