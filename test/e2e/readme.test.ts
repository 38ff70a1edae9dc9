import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { conformanceVenv, reasonToSkip } from '../conformance/venv.ts';
import { blocksOf, examplesOf } from '../support/markdown.ts';
import { inRepository, noCurl, notebookPage, runPage, sayAloud } from '../support/pages.ts';
import { repository } from '../support/process.ts';

/** The commands of all pages but one, whose Python packages are others: the conformance suite runs that one. */

const guides = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...guides.map((name) => `docs/${name}`)];

const venv = await conformanceVenv();
const noPython = reasonToSkip(venv, process.env);

const run = (t: TestContext, page: string): Promise<void> =>
  runPage(t, page, {
    path: 'python' in venv ? [dirname(venv.python)] : [],
    obstacleTo: (command) => (/^python /.test(command) ? noPython : undefined),
  });

for (const page of pages.filter((name) => name !== notebookPage)) {
  const text = await readFile(join(repository, page), 'utf8');
  if (!blocksOf(text).some(({ language }) => language === 'console')) continue;
  const obstacle = /^\$ curl /m.test(text) ? noCurl : undefined;
  sayAloud(page, obstacle);
  test(`the commands of ${page} print what it says`, { skip: obstacle ?? false }, (t) => run(t, page));
}

test('the README asks in four ways, finds a prediction again and says what really happened', async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const commands = blocksOf(readme)
    .filter(({ language }) => language === 'console')
    .flatMap(examplesOf)
    .map(({ command }) => command);
  const asking = [/^curl /, /^npx sluice predict /, /^python /, /^npx node .*\.ts/];
  for (const way of [...asking, /^npx sluice predictions get /, /^npx sluice feedback send /])
    assert.ok(
      commands.some((command) => way.test(command)),
      `${way} of ${commands.join('; ')}`,
    );
});

/** As GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

const exists = (path: string): boolean => existsSync(join(repository, path));

test('every link of the pages leads somewhere in the repository', async () => {
  for (const page of pages) {
    const prose = (await readFile(join(repository, page), 'utf8')).replaceAll(/^```.*?^```$/gms, '');
    for (const [, target = '', anchor = ''] of prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const path = target === '' ? page : join(dirname(page), target);
      assert.ok(exists(path), `${page} links ${target}`);
      if (anchor === '') continue;
      const anchors = anchorsOf((await inRepository(path)) ?? '');
      assert.ok(
        anchors.includes(anchor),
        `${page} links ${target}#${anchor}; there are ${anchors.join(', ')}`,
      );
    }
  }
});
