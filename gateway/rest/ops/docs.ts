import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** What Swagger UI needs in the browser; nothing else of the package is served. */
const files = [
  'index.css',
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
];

/** In place of the package's own, which shows a sample from elsewhere. Without validatorUrl it calls nobody. */
const initializer = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
  });
};
`;

const swaggerFolder = (): string =>
  dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Swagger UI at /docs/, from local files alone. */
export const serveDocs = async (app: FastifyInstance): Promise<void> => {
  await app.register(fastifyStatic, { root: swaggerFolder(), serve: false });
  app.get('/docs', (_request, reply) => reply.redirect('/docs/', 301));
  app.get('/docs/', (_request, reply) => reply.sendFile('index.html'));
  app.get('/docs/swagger-initializer.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(initializer),
  );
  for (const file of files) app.get(`/docs/${file}`, (_request, reply) => reply.sendFile(file));
};
