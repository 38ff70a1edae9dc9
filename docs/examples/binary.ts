const image = Float32Array.of(
  ...[0, 0, 1, 12, 12, 3, 0, 0, 0, 0, 9, 13, 5, 14, 0, 0, 0, 0, 15, 3, 0, 10, 2, 0, 0, 3, 16, 4, 0, 9, 4, 0],
  ...[0, 4, 13, 0, 0, 9, 2, 0, 0, 3, 13, 0, 1, 15, 0, 0, 0, 0, 13, 6, 8, 9, 0, 0, 0, 0, 2, 14, 12, 2, 0, 0],
);
const header = JSON.stringify({
  inputs: [
    { name: 'image', datatype: 'FP32', shape: [1, 8, 8], parameters: { binary_data_size: image.byteLength } },
  ],
  outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
});

const answer = await fetch('http://127.0.0.1:8000/v2/models/digits/infer', {
  method: 'POST',
  headers: { 'inference-header-content-length': String(Buffer.byteLength(header)) },
  body: Buffer.concat([Buffer.from(header), Buffer.from(image.buffer)]),
});
const body = await answer.arrayBuffer();
const length = Number(answer.headers.get('inference-header-content-length'));
console.log(JSON.parse(Buffer.from(body, 0, length).toString()).outputs);

const probabilities = new Float32Array(body.slice(length));
console.log('digit', probabilities.indexOf(Math.max(...probabilities)));
