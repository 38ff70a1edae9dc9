import { editRevision } from '@sluice/kernel/revision/edit-revision';
import type { Revision } from '@sluice/kernel/revision/revision';
import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import { applyDraft } from '@sluice/kernel/revision/streams/apply-draft';
import type { Store } from '@sluice/kernel/store/store';
import { author } from '../author.ts';
import { CommandFailure, exitCodes } from '../command-failure.ts';

const notFound = (name: string, streams: readonly StreamSettings[]): CommandFailure => {
  const there = streams.map((each) => each.name).join(', ') || 'none';
  return new CommandFailure(`the newest revision has no stream '${name}'; it has ${there}`, {
    code: 'STREAM_NOT_FOUND',
    exitCode: exitCodes.failed,
  });
};

/** @throws CommandFailure STREAM_NOT_FOUND with what there is */
export const findStream = (name: string, streams: readonly StreamSettings[]): StreamSettings => {
  const found = streams.find((each) => each.name === name);
  if (found === undefined) throw notFound(name, streams);
  return found;
};

/** Makes a revision with one stream more, in the place of one of its name. */
export const addStream = async (
  store: Store,
  stream: (streams: readonly StreamSettings[]) => StreamSettings,
  why: string,
): Promise<Revision> => {
  const { revision } = await editRevision(
    store,
    (content) => {
      const added = stream(content.streams);
      const others = content.streams.filter(({ name }) => name !== added.name);
      return { ...content, streams: [...others, added] };
    },
    { who: author(), why },
    applyDraft,
  );
  return revision;
};

/** Makes a revision without it. @throws CommandFailure STREAM_NOT_FOUND */
export const removeStream = async (store: Store, name: string, why: string): Promise<Revision> => {
  const { revision } = await editRevision(
    store,
    (content) => {
      findStream(name, content.streams);
      return { ...content, streams: content.streams.filter((each) => each.name !== name) };
    },
    { who: author(), why },
  );
  return revision;
};
