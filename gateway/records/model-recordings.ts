import type { Header } from '@sluice/kernel/event-log/event-log';
import { type Recording, recordingOf } from '@sluice/kernel/revision/record-settings';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { RecordCounts } from '../telemetry/record-metrics.ts';

/** The settings of one model's records, with what is made of them once. */
export interface ModelRecording extends Recording {
  readonly counts: RecordCounts;
  /** Of every message: `ce_subject`. */
  readonly headers: readonly Header[];
}

export interface ModelRecordingsOptions {
  readonly counts: (model: string, mode: Recording['mode']) => RecordCounts;
  /** Whether there is a key for hashes. */
  readonly hasKey: boolean;
  readonly log: Log;
}

/** Gives the recording of a model under settings, made anew when a revision says something else. */
export const modelRecordings = ({ counts, hasKey, log }: ModelRecordingsOptions) => {
  const kept = new Map<string, { readonly settings: ModelSettings; readonly recording: ModelRecording }>();
  const make = (model: string, settings: ModelSettings): ModelRecording => {
    const recording = recordingOf(settings.record);
    if (!hasKey && recording.redact.some(({ how }) => how === 'hash'))
      log.warn(
        { model },
        'RECORD_REDACTION_KEY is not set: features that are to be hashed are dropped from records',
      );
    const headers: Header[] = [['ce_subject', Buffer.from(model)]];
    return { ...recording, counts: counts(model, recording.mode), headers };
  };
  /** @param model a model of the store; empty: one that is not there */
  return (model: string, settings: ModelSettings): ModelRecording => {
    const known = kept.get(model);
    if (known?.settings === settings) return known.recording;
    const recording = make(model, settings);
    kept.set(model, { settings, recording });
    return recording;
  };
};
