import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LocalStackError } from './problem.js';

// Below the ports that the system hands to outgoing connections, so that a stopped server gets its port back.
const LOWEST_PORT = 20_000;
const PORT_COUNT = 12_000;
const TRIES = 200;

/** Different ports on loopback that nothing listens on at this moment; another program may still take one first. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tried = 0; tried < TRIES && ports.size < count; tried++) {
    const port = LOWEST_PORT + randomInt(PORT_COUNT);
    if (!ports.has(port) && (await isPortFree(port))) ports.add(port);
  }
  if (ports.size < count) {
    throw new LocalStackError(
      `No ${count} free ports were found between ${LOWEST_PORT} and ${LOWEST_PORT + PORT_COUNT} on 127.0.0.1.`,
      'End programs that listen there, or name ports yourself.',
    );
  }
  return [...ports];
}

export const isPortFree = async (port: number): Promise<boolean> => (await findPortProblem(port)) === undefined;

/** Why a port on loopback cannot be listened on, as the system says it: EADDRINUSE, EACCES. */
export function findPortProblem(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

export async function requireFreePort(port: number, server: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new LocalStackError(
    `Port ${port} on 127.0.0.1 is taken, so ${server} cannot listen there.`,
    'End the program that uses it, or choose another port (without a choice a free one is taken).',
  );
}
