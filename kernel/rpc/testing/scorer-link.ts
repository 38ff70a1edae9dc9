import { type ClientDuplexStream, credentials, status } from '@grpc/grpc-js';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { ScoreAnswer__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ReleaseName__Output } from '@sluice/protos/gen/sluice/v1/ReleaseName';
import { loadProtos } from '@sluice/protos/load';
import type { Features } from '../../features/value.ts';
import { rowReader } from '../../link/rows.ts';

const { GatewayService } = loadProtos().sluice.gateway.v1;

/** An answer, with what it refers to. */
export interface ReadAnswer extends ScoreAnswer__Output {
  /** undefined: the answer is no prediction. */
  readonly named: Features | undefined;
  /** undefined: no release answered. */
  readonly by: ReleaseName__Output | undefined;
}

/** One link to a gateway, as a scorer has it; what comes is kept. */
export interface ScorerLink extends Disposable {
  readonly frames: readonly ExchangeResponse__Output[];
  readonly answers: readonly ReadAnswer[];
  write(frame: ExchangeRequest): void;
  /** The answers to these entries, in this order; rejects when the link ends before. */
  answersTo(...ids: readonly number[]): Promise<ReadAnswer[]>;
  /** The first announcement like that, from now or before. */
  announced(isLike: (announcement: Announcement__Output) => boolean): Promise<Announcement__Output>;
  /** Reads no more for the time being, or again. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Says that nothing more comes. */
  end(): void;
  /** Breaks it off. */
  cancel(): void;
  /** `OK`, or the status and its text. */
  readonly ended: Promise<string>;
}

/** Opens a link to host:port; `spoil` changes the bytes of its frames. */
export const openScorerLink = (address: string, spoil = (frame: Buffer): Buffer => frame): ScorerLink => {
  const client = new GatewayService(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  const { path, requestSerialize, responseDeserialize } = GatewayService.service.Exchange;
  const stream: ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output> = client.makeBidiStreamRequest(
    path,
    (frame: ExchangeRequest) => spoil(requestSerialize(frame)),
    responseDeserialize,
  );
  const frames: ExchangeResponse__Output[] = [];
  const answers: ReadAnswer[] = [];
  const rows = rowReader();
  const releases = new Map<number, ReleaseName__Output>();
  const over = Promise.withResolvers<string>();
  let change = Promise.withResolvers<void>();
  let end: string | undefined;
  const changed = (): void => {
    change.resolve();
    change = Promise.withResolvers<void>();
  };
  const until = async <T>(what: string, find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (end !== undefined) throw new Error(`the link ended (${end}) before ${what} came`);
      await change.promise;
    }
  };
  stream.on('data', (frame: ExchangeResponse__Output) => {
    frames.push(frame);
    for (const layout of frame.layouts) rows.declare(layout);
    for (const { id, release } of frame.releases) if (release !== null) releases.set(id, release);
    for (const answer of frame.answers) {
      const named = answer.outputs ? rows.read(answer.outputs) : undefined;
      answers.push({ ...answer, named, by: releases.get(answer.release) });
    }
    changed();
  });
  stream.on('error', () => undefined);
  stream.once('status', ({ code, details }) => {
    end = code === status.OK ? 'OK' : `${status[code]} ${details}`;
    over.resolve(end);
    changed();
  });
  return {
    frames,
    answers,
    write: (frame) => void stream.write(frame),
    answersTo: (...ids) =>
      Promise.all(ids.map((id) => until(`answer ${id}`, () => answers.find((each) => each.id === id)))),
    announced: (isLike) =>
      until('the announcement', () =>
        frames.flatMap(({ announcement }) => (announcement === null ? [] : [announcement])).find(isLike),
      ),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    end: () => void stream.end(),
    cancel: () => stream.cancel(),
    ended: over.promise,
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  };
};
