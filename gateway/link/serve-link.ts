import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import type { ToServiceError } from '@sluice/kernel/rpc/status';
import { readable } from '@sluice/kernel/rpc/unreadable';
import type { Announcement } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { GatewayServiceHandlers } from '@sluice/protos/gen/sluice/gateway/v1/GatewayService';
import { frameOf, type Item, sizeOf } from './frames.ts';
import { type EntryOptions, linkEntries } from './link-entries.ts';
import { linkFlow } from './link-flow.ts';
import type { ReportKeeper } from './scorer-reports.ts';

type Stream = Parameters<GatewayServiceHandlers['Exchange']>[0];

export interface LinkOptions extends EntryOptions {
  readonly toServiceError: ToServiceError;
  readonly announce: () => Announcement;
  readonly reports: ReportKeeper;
}

/** A link that is open. */
export interface OpenLink {
  /** Entries that were taken and not answered. */
  readonly inFlight: number;
  /** Announces once more: the gateway has become ready, is so no more, or drains. */
  announce(): void;
}

const gone = (): SluiceError => new SluiceError('CANCELLED', 'the scorer went away');

/**
 * Serves one link. It ends when the scorer has said all, or the gateway drains, and what was in flight is answered; what
 * cannot be read ends it at once, for nobody knows what was in it.
 */
export const serveLink = (stream: Stream, options: LinkOptions): OpenLink => {
  const { draining, reports, toServiceError } = options;
  const write = frameWriter<Item, ExchangeResponse>(stream, frameOf, { sizeOf, maxBytes: usualFrameBytes });
  const flow = linkFlow(stream);
  let hasSaidAll = false;
  let isOver = false;
  const send = (item: Item): void => {
    if (!isOver) write(item);
  };
  const endIfDone = (): void => {
    if (isOver || entries.inFlight > 0 || !(hasSaidAll || draining.aborted)) return;
    isOver = true;
    flow.end();
  };
  const entries = linkEntries(options, { peer: stream.getPeer(), flow, send, onAnswered: endIfDone });
  const takeFrame = (frame: ExchangeRequest__Output): void => {
    entries.declare(frame);
    // Those of earlier frames come first: they make room.
    const own = frame.cancels.filter((id) => !entries.cancel(id));
    for (const entry of frame.entries) entries.take(entry);
    for (const id of own) entries.cancel(id);
    if (frame.report !== null) reports.keep(stream, frame.report);
    flow.regulate();
    endIfDone();
  };
  const leave = (): void => {
    isOver = true;
    reports.forget(stream);
    entries.abandon(gone());
  };
  const announce = (): void => {
    send({ announcement: options.announce() });
    endIfDone();
  };

  announce();
  stream.on('data', (message: ExchangeRequest__Output) => {
    if (isOver) return;
    try {
      takeFrame(readable(message));
    } catch (thrown) {
      leave();
      stream.emit('error', toServiceError(fromUnknown(thrown)));
    }
  });
  stream.on('end', () => {
    hasSaidAll = true;
    endIfDone();
  });
  // grpc-js says so however the call ends.
  stream.on('cancelled', leave);
  stream.on('error', () => undefined);
  return {
    get inFlight() {
      return entries.inFlight;
    },
    announce,
  };
};
