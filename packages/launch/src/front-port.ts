import { findPortProblem } from '@shelfline/local-stack/free-port';
import { UsageError } from './options.js';

const LOOKED_AT = 20;

/** The page's address is the one thing that a person types, so its port is never changed silently. */
export async function requireFrontPort(port: number): Promise<void> {
  const code = await findPortProblem(port);
  if (code === undefined) return;
  const why =
    code === 'EADDRINUSE'
      ? `--port ${port}: another program listens on 127.0.0.1:${port}; if that is a Shelfline, its page is http://127.0.0.1:${port}.\nEnd that program, or`
      : code === 'EACCES'
        ? `--port ${port}: this user may not listen on ports below 1024.\nPlease`
        : `--port ${port}: 127.0.0.1:${port} cannot be listened on (${code}).\nPlease`;
  const other = await findFreeFrom(code === 'EADDRINUSE' ? port + 1 : 8080);
  throw new UsageError(`${why} choose another port: npm start -- --port ${other ?? 'P'}`);
}

async function findFreeFrom(first: number): Promise<number | undefined> {
  for (let port = first; port < first + LOOKED_AT && port <= 65_535; port++)
    if ((await findPortProblem(port)) === undefined) return port;
  return undefined;
}
