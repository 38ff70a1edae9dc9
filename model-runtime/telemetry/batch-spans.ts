import {
  type Link,
  type Span,
  type SpanContext,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Release } from '@sluice/kernel/release/release';
import { contextOf, isSampled } from '@sluice/kernel/telemetry/trace-context';
import type { Job } from '../core/job.ts';
import type { BatchReport } from '../core/run-batch.ts';

/** Links of one span; a larger batch names its first members only. */
const maxLinks = 128;

/** What the spans of one batch share. */
interface Recording {
  readonly tracer: Tracer;
  readonly release: Release;
  readonly report: BatchReport;
  /** Milliseconds of performance.now() as Unix time, by one offset, so that spans that meet do meet. */
  readonly at: (ms: number) => number;
}

interface Member {
  readonly job: Job;
  readonly span: Span;
}

const attributesOf = ({ model, version }: Release) => ({
  'sluice.model': model,
  'sluice.release.version': version,
});

const endWith = (span: Span, { report, at }: Recording): void => {
  const { error, endedAt } = report;
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.end(at(endedAt));
};

const startMember = ({ tracer, release, report, at }: Recording, job: Job): Member[] => {
  const parent = contextOf(job.trace);
  const caller = trace.getSpanContext(parent);
  if (caller === undefined || !isSampled(caller)) return [];
  const attributes = attributesOf(release);
  const [enqueued, started] = [at(job.enqueuedAt), at(report.startedAt)];
  // The SDK looks through attributes that come with the start twice.
  const begin = (name: string, startTime: number): Span =>
    tracer.startSpan(name, { startTime }, parent).setAttributes(attributes);
  begin('queue', enqueued).end(started);
  return [{ job, span: begin('compute', started) }];
};

/** The batch span is a child of its first sampled member's caller, so that it is sampled whenever a member is. */
const recordBatchSpan = (recording: Recording, members: readonly Member[], first: Member): SpanContext => {
  const { tracer, release, report, at } = recording;
  const links: Link[] = members.slice(0, maxLinks).map(({ span }) => ({ context: span.spanContext() }));
  const attributes = {
    ...attributesOf(release),
    'sluice.batch.size': report.jobs.length,
    'sluice.batch.rows': report.jobs.reduce((sum, { rows }) => sum + rows, 0),
  };
  const options = { startTime: at(report.startedAt), attributes, links };
  const span = tracer.startSpan('batch', options, contextOf(first.job.trace));
  span.addEvent('compute started', at(report.computeStartedAt));
  span.addEvent('compute ended', at(report.computeEndedAt));
  endWith(span, recording);
  return span.spanContext();
};

/**
 * Spans of a batch, made after the fact: for each sampled member `queue` and `compute` below its
 * caller's span, and one `batch`, linked to its members and they to it.
 */
export const recordBatch = (tracer: Tracer, release: Release, report: BatchReport): void => {
  const offset = Date.now() - performance.now();
  const recording: Recording = { tracer, release, report, at: (ms) => ms + offset };
  const members = report.jobs.flatMap((job) => startMember(recording, job));
  const [first] = members;
  if (first === undefined) return;
  const context = recordBatchSpan(recording, members, first);
  for (const { span } of members) {
    span.addLink({ context });
    endWith(span, recording);
  }
};
