import { connect } from '../support/clients.ts';
import { closedLoop } from './load.ts';
import { inferOnce } from './request.ts';
import { streamLoad } from './stream.ts';
const c = connect(process.argv[2]!);
await closedLoop(3000, 16, inferOnce(c));
for (const n of [1, 16, 64, 256]) console.log(n, await closedLoop(n === 1 ? 3000 : 20000, n, inferOnce(c)));
console.log('stream', await streamLoad(c, 40000));
process.exit(0);
