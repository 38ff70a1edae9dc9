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

interface Member {
  readonly job: Job;
  readonly span: Span;
}

const attributesOf = ({ model, version }: Release) => ({
  'sluice.model': model,
  'sluice.release.version': version,
});

const sampledMembers = (tracer: Tracer, release: Release, { jobs, startedAt }: BatchReport): Member[] =>
  jobs.flatMap((job) => {
    const parent = contextOf(job.trace);
    const caller = trace.getSpanContext(parent);
    if (caller === undefined || !isSampled(caller)) return [];
    tracer
      .startSpan('queue', { startTime: job.enqueuedAt, attributes: attributesOf(release) }, parent)
      .end(startedAt);
    return [
      {
        job,
        span: tracer.startSpan(
          'compute',
          { startTime: startedAt, attributes: attributesOf(release) },
          parent,
        ),
      },
    ];
  });

/** The batch span is a child of its first sampled member's caller, so that it is sampled whenever a member is. */
const batchSpan = (
  tracer: Tracer,
  release: Release,
  report: BatchReport,
  members: readonly Member[],
  first: Member,
): SpanContext => {
  const links: Link[] = members.slice(0, maxLinks).map(({ span }) => ({ context: span.spanContext() }));
  const attributes = {
    ...attributesOf(release),
    'sluice.batch.size': report.jobs.length,
    'sluice.batch.rows': report.jobs.reduce((sum, { rows }) => sum + rows, 0),
  };
  const span = tracer.startSpan(
    'batch',
    { startTime: report.startedAt, attributes, links },
    contextOf(first.job.trace),
  );
  span.addEvent('compute started', report.computeStartedAt);
  span.addEvent('compute ended', report.computeEndedAt);
  if (report.error !== undefined)
    span.setStatus({ code: SpanStatusCode.ERROR, message: report.error.message });
  span.end(report.endedAt);
  return span.spanContext();
};

/**
 * Spans of a batch, made after the fact: for each sampled member `queue` and `compute` below its
 * caller's span, and one `batch`, linked to its members and they to it.
 */
export const recordBatch = (tracer: Tracer, release: Release, report: BatchReport): void => {
  const members = sampledMembers(tracer, release, report);
  const [first] = members;
  if (first === undefined) return;
  const context = batchSpan(tracer, release, report, members, first);
  for (const { span } of members) {
    span.addLink({ context });
    if (report.error !== undefined)
      span.setStatus({ code: SpanStatusCode.ERROR, message: report.error.message });
    span.end(report.endedAt);
  }
};
