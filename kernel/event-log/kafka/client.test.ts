import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaSettings } from '../../config/event-log.ts';
import { openKafkaLog } from './open-kafka-log.ts';

const contradictions: readonly [what: string, settings: KafkaSettings, named: RegExp][] = [
  ['a mechanism without a user', { mechanism: 'plain' }, /KAFKA_USER and KAFKA_PASSWORD/],
  ['a user without a password', { user: 'sluice' }, /KAFKA_USER and KAFKA_PASSWORD/],
  ['a certificate without its key', { certFile: 'cert.pem' }, /KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE/],
  ['a file that is not there', { caFile: 'no-such-file.pem' }, /KAFKA_TLS_CA: .*no-such-file/],
];
for (const [what, kafka, message] of contradictions)
  test(`settings that cannot be are refused when the log is opened: ${what}`, async () => {
    const opening = openKafkaLog({ url: 'kafka://127.0.0.1:9092', kafka });
    await assert.rejects(opening, { code: 'INVALID_INPUT', message });
  });
