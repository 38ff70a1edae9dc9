import { join } from 'node:path';
import { messageOf } from '../errors/message-of.ts';
import type { Log } from '../telemetry/log.ts';
import { spoolIds } from './disk/folders.ts';
import { lockFolder } from './disk/lock.ts';
import { openFolder } from './disk/open-folder.ts';
import type { SpoolFolder, TopicPlaces } from './disk/spool-folder.ts';

export interface AdopterOptions {
  readonly root: string;
  readonly places: TopicPlaces;
  readonly log: Log;
  /** Own and adopted; new ones are added. */
  readonly folders: Map<string, SpoolFolder>;
  readonly adopted: (folder: SpoolFolder) => void;
}

/** Takes over the spools of gateways that are gone. */
export const adopter = ({ root, places, log, folders, adopted }: AdopterOptions) => {
  const told = new Set<string>();
  let isReleased = false;
  let looking = Promise.resolve();

  const adopt = async (id: string): Promise<void> => {
    await using opening = new AsyncDisposableStack();
    const lock = await lockFolder(join(root, id), 'r+');
    if (lock === undefined) return;
    opening.use(lock);
    const { folder } = await openFolder(lock, places, log);
    if (isReleased) return;
    opening.move();
    folders.set(id, folder);
    log.info({ spool: id, ...folder.depth(Date.now()) }, 'adopted the spool of a gateway that is gone');
    adopted(folder);
  };
  const tryAdopt = async (id: string): Promise<void> => {
    try {
      await adopt(id);
    } catch (error) {
      // Somebody may mend it; it is looked at again, and not told again.
      if (!told.has(id))
        log.error({ spool: id, reason: messageOf(error) }, 'a spool cannot be adopted and is left alone');
      told.add(id);
    }
  };
  const lookAll = async (): Promise<void> => {
    const ids = await spoolIds(root).catch(() => []);
    for (const id of ids) if (!folders.has(id) && !isReleased) await tryAdopt(id);
  };
  return {
    look: (): Promise<void> => {
      looking = lookAll();
      return looking;
    },
    /** Gives the adopted spools back, with what is left of them. */
    release: async (): Promise<void> => {
      isReleased = true;
      await looking;
    },
  };
};
