import { databaseShape } from '@sluice/kernel/config/database';
import { commonShape, count, durationMs, flag, list, port } from '@sluice/kernel/config/environment';
import { eventLogShape } from '@sluice/kernel/config/event-log';
import { spoolShape } from '@sluice/kernel/config/spool';
import { z } from 'zod';
import { recordShape } from './records/config.ts';
import { tlsFaults, tlsFile } from './tls.ts';

const share = () =>
  z.coerce
    .number('expected a number from 0 to 1')
    .min(0, 'expected a number from 0 to 1')
    .max(1, 'expected a number from 0 to 1');

/** The gateway's environment. */
export const gatewaySchema = z
  .object({
    ...commonShape,
    HTTP_PORT: port().default(8000).describe('HTTP: /v1, /v2, /docs, /livez, /readyz'),
    GRPC_PORT: port().default(8001).describe('gRPC: sluice.v1 and the Open Inference Protocol'),
    METRICS_PORT: port().default(8002).describe('HTTP: /metrics'),
    LINK_PORT: port()
      .default(8003)
      .describe('gRPC: the private link of the scorers, which is never encrypted'),
    REUSE_PORT: flag()
      .default(false)
      .describe(
        'share HTTP_PORT, GRPC_PORT and LINK_PORT with other gateways on this machine; the system deals connections out',
      ),
    TLS_CERT_FILE: tlsFile('certificate').describe(
      'PEM file of the certificate, and of what leads to its root; both doors then speak TLS only',
    ),
    TLS_KEY_FILE: tlsFile('private key').describe('PEM file of its private key'),
    RUNTIME_URLS: list()
      .default(['127.0.0.1:8010'])
      .describe("the runtimes' gRPC addresses, comma separated"),
    RUNTIMES_FILE: z
      .string()
      .optional()
      .describe('file of such addresses, one a line, that may change; takes the place of RUNTIME_URLS'),
    DEFAULT_DEADLINE_MS: durationMs(1).default(30_000).describe('deadline of requests that bring none'),
    LOAD_WAIT_MS: durationMs(1)
      .default(10_000)
      .describe('how long a request may wait for its release to be loaded'),
    RECEIVE_MS: durationMs(1)
      .default(120_000)
      .describe(
        'how long the headers and body of a request, or the message of a unary call, may take to arrive',
      ),
    MAX_MESSAGE_BYTES: count()
      .default(64 * 1024 * 1024)
      .describe('largest message or body that is received, after decompression'),
    MAX_STREAM_IN_FLIGHT: count()
      .default(64)
      .describe('items of one stream that are read and not yet answered'),
    LINK_MAX_IN_FLIGHT: count()
      .default(1_024)
      .describe("events of one scorer's link that are taken and not yet answered"),
    ADMISSION_TARGET_MS: durationMs(1)
      .default(5)
      .describe("delay in a runtime's queue that is no overload; twice the time of a batch never is"),
    ADMISSION_MAX_IN_FLIGHT: count()
      .default(1_024)
      .describe('requests for one model that may be admitted at once; the adaptive limit begins here'),
    MAX_WAITING: count(0).default(1_024).describe('requests for one model that may wait to be admitted'),
    MAX_WAITING_TOTAL: count(0)
      .default(4_096)
      .describe('requests for all models that may wait to be admitted'),
    MAX_IN_FLIGHT_BYTES: count()
      .default(512 * 1024 * 1024)
      .describe('input bytes of all requests that are admitted or waiting'),
    MAX_CONNECTION_BYTES: count()
      .default(256 * 1024 * 1024)
      .describe('input bytes of those that came over one connection'),
    STORE_POLL_MS: durationMs(50)
      .default(1_000)
      .describe('how often the store and RUNTIMES_FILE are looked at'),
    REVISION_POLL_MS: durationMs(50)
      .default(250)
      .describe('how often the store is asked whether there is a newer revision'),
    UPSTREAM_POLL_MS: durationMs(10)
      .default(1_000)
      .describe('how often another server that computes releases is asked whether they are ready'),
    UPSTREAM_SILENCE_MS: durationMs(1)
      .default(10_000)
      .describe('how long such a server may leave that unanswered before it counts as away'),
    UPSTREAM_MAX_IN_FLIGHT: count().default(256).describe('calls under way at once to one such server'),
    QUARANTINE_MS: durationMs(1)
      .default(30_000)
      .describe('how long a release that took down two runtimes is kept away from others'),
    STALL_MS: durationMs(10)
      .default(1_000)
      .describe('how long a runtime with requests may be silent until others get them'),
    EJECT_MS: durationMs()
      .default(1_000)
      .describe(
        'how long a bad runtime gets nothing new where another can serve; the n-th time n times as long',
      ),
    REENTRY_MS: durationMs(1)
      .default(10_000)
      .describe('how long a runtime that came, or came back, takes to get its full share'),
    RETRY_SHARE: share()
      .default(0.1)
      .describe('requests sent once more, for each request; at least 10 a second'),
    ACCESS_LOG_SAMPLE: share()
      .default(0.01)
      .describe('share of answered requests that get an access log line; failures always do'),
    ADMIN_KEY_SHA256: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits')
      .optional()
      .describe('SHA-256 of the admin key, with which releases are published; none: nobody may'),
    PUBLISH_FOLDER: z
      .string()
      .optional()
      .describe("where packages are received before they are stored; default the system's temporary folder"),
    PUBLISH_MAX_BYTES: count()
      .default(1024 * 1024 * 1024)
      .describe('bytes of all files of a package'),
    PUBLISH_MAX_FILES: count().default(1_000).describe('files of a package'),
    PUBLISH_MAX_CONCURRENT: count().default(4).describe('publications under way at once'),
    PUBLISH_MS: durationMs(1).default(600_000).describe('how long a package may take to arrive'),
    PUBLISH_SILENCE_MS: durationMs(1)
      .default(30_000)
      .describe('how long a publisher may be silent in between'),
    PUBLISH_READY_MS: durationMs()
      .default(30_000)
      .describe('longest wait of the answer until a runtime serves the release'),
    ...recordShape,
    ...spoolShape,
    ...eventLogShape,
    ...databaseShape,
  })
  .superRefine(tlsFaults);

export type GatewayConfig = z.infer<typeof gatewaySchema>;
