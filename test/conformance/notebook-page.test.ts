import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { noCurl, notebookPage, runPage, sayAloud } from '../support/pages.ts';
import { repository } from '../support/process.ts';
import { conformanceVenv, reasonToSkip } from './venv.ts';

/**
 * The guide from a notebook to production, every command as it is written. Its environment is kept from run to run, and
 * its folder stands in front of the PATH, as `activate` would have it: `pip install` finds all packages there.
 */

const requirements = join(repository, 'models/train/requirements.txt');
const venv = await conformanceVenv({ requirements, wheelsOnly: false });
const skip = reasonToSkip(venv, process.env) ?? noCurl;
sayAloud(notebookPage, skip);

test(`the commands of ${notebookPage} print what it says`, { skip: skip ?? false }, (t) =>
  runPage(t, notebookPage, {
    path: 'python' in venv ? [dirname(venv.python)] : [],
    obstacleTo: () => undefined,
  }),
);
