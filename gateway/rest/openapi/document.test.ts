import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMessageTypes } from '../message-types.ts';
import { operations as oip } from '../oip/operations.ts';
import { operations as sluice } from '../sluice/operations.ts';
import { openApiDocument } from './document.ts';

const routes = [
  { method: 'POST', path: '/v2/models/{model}/versions/{version}/infer', operation: oip.infer },
  { method: 'GET', path: '/v2/repository/index', operation: oip.index },
  { method: 'POST', path: '/v2/repository/index', operation: oip.filteredIndex },
  { method: 'POST', path: '/v1/models/{model}:predict', operation: sluice.predict },
] as const;
const everyOperation = [...Object.values(oip), ...Object.values(sluice)].map((operation, index) => ({
  method: 'GET' as const,
  path: `/${index}`,
  operation,
}));

const types = loadMessageTypes();
const document = openApiDocument(routes, types);

test('each route is a path with its method', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(
    described,
    routes.map(({ method, path }) => `${method} ${path}`),
  );
});

test('every parameter of a path is described', () => {
  const operation = document.paths['/v2/models/{model}/versions/{version}/infer']?.['post'] as {
    parameters: { name?: string; in?: string }[];
  };
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  assert.deepEqual(names, ['model', 'version']);
});

test('every reference leads somewhere', () => {
  const whole = openApiDocument([...routes, ...everyOperation], types);
  const schemas = whole.components.schemas as Record<string, unknown>;
  const references = [...JSON.stringify(whole).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
  const missing = references.map(([, name = '']) => name).filter((name) => !(name in schemas));
  assert.deepEqual(missing, []);
});
