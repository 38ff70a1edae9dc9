/** PGlite behind its socket, in a process of its own: `node pglite-main.ts <folder> <port>`. Ends with its input. */
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const [folder, port] = process.argv.slice(2);
const maxConnections = 60;

process.stdin.on('end', () => process.exit(0)).resume();
const db = await PGlite.create(folder);
await new PGLiteSocketServer({ db, host: '127.0.0.1', port: Number(port), maxConnections }).start();
process.stdout.write('listening\n');
