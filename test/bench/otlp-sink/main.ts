import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector that takes what it is sent and keeps nothing but its size. GET answers `{requests, bytes}`. */

let requests = 0;
let bytes = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify({ requests, bytes }));
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
  });
  request.on('end', () => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const { port } = server.address() as AddressInfo;
console.log(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` }));
// The one who started it is gone.
process.on('disconnect', () => process.exit(0));
