import type { FastifyInstance } from 'fastify';
import { type ProblemError, problem } from './problem.js';

const CSV_TYPE = /^text\/csv\s*(?:;|$)/i;

export const csvExpected = (): ProblemError =>
  problem(
    415,
    'unsupported-type',
    'This address takes CSV files',
    'Send the file with "Content-Type: text/csv", in UTF-8; packed by gzip with "Content-Encoding: gzip" beside it. ' +
      'Nothing was imported.',
  );

const jsonExpected = (): ProblemError =>
  problem(
    415,
    'unsupported-type',
    'This address takes no CSV files',
    'Send JSON with "Content-Type: application/json"; the addresses for files are in the API documentation at /docs. ' +
      'Nothing was taken.',
  );

/**
 * Bodies of `text/csv` are given on as streams, so that a file is never in memory as a whole. An address takes either
 * these or JSON, and who sends the other hears which.
 */
export function takeCsvAt(fastify: FastifyInstance, takesCsv: (path: string) => boolean): void {
  fastify.addContentTypeParser('text/csv', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, payload, done) =>
    done(null, payload),
  );
  fastify.addHook('onRequest', ({ method, url, headers }, _reply, done) => {
    if (method !== 'POST') return done();
    const isCsv = CSV_TYPE.test(headers['content-type'] ?? '');
    if (takesCsv(url.split('?', 1)[0]!)) return isCsv ? done() : done(csvExpected());
    return isCsv ? done(jsonExpected()) : done();
  });
}
