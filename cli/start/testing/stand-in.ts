/**
 * A process to supervise in tests. It writes its life to the file STAND_IN_LOG, one word pair a line
 * (`a started`, `a stopped`), and does what STAND_IN_DOES says: `serve`, `crash`, `exit-64` or `ignore-sigterm`.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const name = process.env['STAND_IN_NAME'] ?? '';
const note = (what: string): void =>
  appendFileSync(process.env['STAND_IN_LOG'] ?? '', `${name} ${what} ${process.pid}\n`);

note('started');
const deed = process.env['STAND_IN_DOES'];
if (deed === 'crash') process.exit(1);
if (deed === 'exit-64') {
  process.stderr.write('HTTP_PORT: expected a port number\n');
  process.exit(64);
}
process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'hello' })}\nno JSON\n`);
const server = createServer((_request, response) => response.end('ok'));
server.listen(Number(process.env['STAND_IN_PORT']), '127.0.0.1', () => note('listening'));
const stop = (why: string): void => {
  note(why);
  process.exit(0);
};
if (deed !== 'ignore-sigterm') process.on('SIGTERM', () => stop('stopped'));
else process.on('SIGTERM', () => note('ignored'));
process.on('disconnect', () => stop('orphaned'));
