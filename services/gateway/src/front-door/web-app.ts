import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { findWebPage } from '@shelfline/contracts/web-pages';
import { problem } from '@shelfline/service-kit/problem';
import type { FastifyInstance } from 'fastify';

/** Built assets carry a hash of their content in their name. */
const HASHED = /[-.][\w-]{8,}\.\w+$/;
const YEAR_S = 31_536_000;

/** Serves the built web app: its files, and its one file for every other address a browser asks for. */
export async function serveWebApp(fastify: FastifyInstance, folder: string): Promise<void> {
  const files = new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  );
  if (!files.has('/index.html'))
    throw new Error(
      `CONSOLE_FOLDER ${folder} holds no index.html. Build the web app first, or leave the variable out.`,
    );
  await fastify.register(fastifyStatic, { root: folder, serve: false });
  fastify.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    if (files.has(path) && path !== '/index.html') {
      const maxAge = HASHED.test(path) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache';
      return reply.header('cache-control', maxAge).sendFile(path, { cacheControl: false });
    }
    if (path !== '/' && !request.headers.accept?.includes('text/html'))
      throw problem(
        404,
        'not-found',
        'There is nothing here',
        'The web app is at /, the API at /api, its documentation at /docs.',
      );
    // The same file says in words that there is no such page; who looks at the status alone must hear of it too.
    if (!findWebPage(path)) reply.status(404);
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
  });
}
