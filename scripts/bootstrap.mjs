/**
 * Runs before npm start, test, check, …: installs what is missing, so that each of them works as the very
 * first command in a fresh clone. The only script that runs on the machine's own Node (20 or later);
 * after it npm finds Node 24 in node_modules/.bin. Takes a few milliseconds when all is there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 20;
const wantedNode = 'v24.';
const spinnerMs = 100;
const plainLineMs = 10_000;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = join(root, 'package-lock.json');
const hiddenLockfile = join(root, 'node_modules/.package-lock.json');
/** Holds the hash of the lockfile that was installed; npm ci removes it with node_modules. */
const stamp = join(root, 'node_modules/.sluice-installed');

function lockHash() {
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
}

/** Folders that the lockfile wants on every platform. */
function wantedFolders() {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));
  const names = Object.keys(packages).filter(
    (name) => name.includes('node_modules/') && !packages[name].optional,
  );
  return names.map((name) => join(root, name));
}

function lockfileChanged() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return false;
  // Installed by hand with npm install or npm ci: npm writes its hidden lockfile last.
  return statSync(lockfile).mtimeMs > statSync(hiddenLockfile).mtimeMs;
}

/** Why an install is needed, or undefined. */
function whatIsMissing() {
  if (!existsSync(hiddenLockfile)) return 'the dependencies are not installed yet';
  if (lockfileChanged()) return 'package-lock.json has changed';
  const absent = wantedFolders().filter((folder) => !existsSync(join(folder, 'package.json')));
  if (absent.length > 0) return `node_modules is incomplete (${absent.length} packages are missing)`;
  const node = spawnSync(join(root, 'node_modules/node/bin/node'), ['-v'], { encoding: 'utf8' });
  if (!node.stdout?.startsWith(wantedNode)) return `Node ${wantedNode}x is not in node_modules`;
  return undefined;
}

/** Prints how far the install is until the returned function is called. */
function showProgress() {
  const startedAt = Date.now();
  const folders = wantedFolders();
  const isTerminal = process.stdout.isTTY;
  let turn = 0;
  const timer = setInterval(
    () => {
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      const present = folders.filter((folder) => existsSync(join(folder, 'package.json'))).length;
      const text = `installing: ${present} of ${folders.length} packages, ${seconds} s`;
      const sign = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[turn++ % 10];
      process.stdout.write(isTerminal ? `\r\x1b[K${sign} ${text}` : `sluice: ${text}\n`);
    },
    isTerminal ? spinnerMs : plainLineMs,
  );
  return () => {
    clearInterval(timer);
    if (isTerminal) process.stdout.write('\r\x1b[K');
    return Math.round((Date.now() - startedAt) / 1000);
  };
}

/** Runs npm ci with the npm that runs us; answers its exit code and all that it printed. */
function runInstall() {
  const cli = process.env.npm_execpath;
  const [command, ...prefix] = cli?.endsWith('.js') ? [process.execPath, cli] : ['npm'];
  const install = [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  // npm 10 runs every package's install script whatever package.json allows: onnxruntime-node's would fetch
  // CUDA (and fail without a network), scarf's would report the install.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', SCARF_ANALYTICS: 'false' };
  return new Promise((resolve) => {
    const child = spawn(command, install, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code === null ? 1 : code, output }));
  });
}

function fail(message) {
  console.error(`\nsluice: ${message}`);
  process.exit(1);
}

async function install(reason) {
  console.log(`sluice: ${reason}; running npm ci (once, about a minute)`);
  const stopProgress = showProgress();
  const { code, output } = await runInstall();
  const seconds = stopProgress();
  if (code !== 0) {
    process.stderr.write(output);
    fail(`npm ci failed with exit code ${code}; its output is above. Is the npm registry reachable?`);
  }
  writeFileSync(stamp, lockHash());
  const missing = whatIsMissing();
  if (missing) {
    process.stderr.write(output);
    fail(
      `npm ci went well, yet ${missing}. Does your npm configuration forbid install scripts (ignore-scripts)?`,
    );
  }
  console.log(`sluice: installed in ${seconds} s`);
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  fail(
    `this is Node ${process.version}; Sluice needs Node ${oldestNode} or later to install itself (nodejs.org).`,
  );
}
const reason = whatIsMissing();
if (reason) await install(reason);
