import { mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { findFreePorts, requireFreePort } from './free-port.js';
import { probeMongodb } from './probe.js';
import { findKnownCause, LocalStackError } from './problem.js';
import { formReplicaSet, REPLICA_SET } from './replica-set.js';
import { type ServerProcess, startFailure, startServerProcess } from './server-process.js';
import type { MongodbServer, ServerPlace } from './servers.js';
import { untilReady } from './until-ready.js';

/** MongoDB's own server, or SecantusDB's, which speaks its protocol. */
export type MongodbProgram = { flavour: 'mongod' | 'secantus'; path: string };

interface NativeMongodbOptions extends ServerPlace {
  program: MongodbProgram;
  port?: number;
}

const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 40;
const PORT_RETRIES = 3;
const WRITE_SAFETY = 'retryWrites=true&w=majority&journal=true';

/** The address that services use. SecantusDB's replica set has a fixed name of its own, so it is left out there. */
export function nativeUri(flavour: MongodbProgram['flavour'], port: number): string {
  const replicaSet = flavour === 'mongod' ? `&replicaSet=${REPLICA_SET}` : '';
  return `mongodb://127.0.0.1:${port}/?${WRITE_SAFETY}${replicaSet}`;
}

/**
 * A limit, not an allocation. With 512 MB the server rewrote its index pages over and over once a replay had some
 * 300,000 movements (statements of more than 60 s), since a fifth of the cache is what may wait to be written.
 */
export function cacheMegabytes(memoryBytes = Math.min(totalmem(), process.constrainedMemory() || totalmem())): number {
  return Math.max(512, Math.min(4096, Math.floor(memoryBytes / 4 / 2 ** 20)));
}

export function nativeArgs(flavour: MongodbProgram['flavour'], port: number, folder: string): string[] {
  if (flavour === 'mongod') {
    const quiet = ['--quiet', '--wiredTigerCacheSizeGB', '0.5'];
    return ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder, '--replSet', REPLICA_SET, ...quiet];
  }
  // --sync-on-commit is not optional: without it writes are acknowledged with j:true and lost by a crash.
  const durable = ['--sync-on-commit', '--cache-size', `${cacheMegabytes()}M`, '--log-level', 'WARNING'];
  const config = join(folder, '..', 'secantus.toml'); // empty: else settings of the user's home would be found
  return ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--storage-path', folder, ...durable];
}

export async function startNativeMongodb(options: NativeMongodbOptions): Promise<MongodbServer> {
  if (options.port !== undefined) await requireFreePort(options.port, 'MongoDB');
  // Each flavour has files of its own format, hence a folder of its own.
  const folder = join(options.dataFolder, options.program.flavour);
  const logFile = join(options.dataFolder, `${options.program.flavour}.log`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '..', 'secantus.toml'), '');
  for (let tried = 1; ; tried++) {
    const port = options.port ?? ((await findFreePorts(1))[0] as number);
    writeFileSync(logFile, '');
    try {
      const running = await startOn(port, folder, logFile, options);
      return server(running, port, folder, logFile, options);
    } catch (error) {
      const taken = error instanceof LocalStackError && findKnownCause(error.message) === 'port-taken';
      if (!taken || tried === PORT_RETRIES || options.port !== undefined || options.signal?.aborted) throw error;
    }
  }
}

async function startOn(port: number, folder: string, logFile: string, options: NativeMongodbOptions) {
  const { flavour, path } = options.program;
  const running = await startServerProcess({
    name: flavour,
    program: path,
    args: nativeArgs(flavour, port, folder),
    logFile,
    runningFolder: options.runningFolder,
    purpose: options.purpose,
    dataFolder: options.dataFolder,
    onExit: (code, signal) =>
      options.onProgress({ kind: 'exited', server: 'mongodb', name: flavour, code, signal, logFile }),
  });
  const attempt = async () => {
    if (flavour === 'mongod') await formReplicaSet(port);
    await probeMongodb(nativeUri(flavour, port));
  };
  const whyHopeless = () => (running.hasExited() ? startFailure(flavour, 'ended while starting', logFile) : undefined);
  try {
    const { signal } = options;
    await untilReady(attempt, { limitMs: READY_LIMIT_MS, pauseMs: READY_POLL_MS, signal, whyHopeless });
  } catch (error) {
    await running.stop('SIGKILL');
    if (error instanceof LocalStackError || options.signal?.aborted) throw error;
    throw startFailure(flavour, `was not ready after ${READY_LIMIT_MS / 1000} s`, logFile);
  }
  return running;
}

function server(
  first: ServerProcess,
  port: number,
  folder: string,
  logFile: string,
  options: NativeMongodbOptions,
): MongodbServer {
  let running = first;
  return {
    uri: nativeUri(options.program.flavour, port),
    get pid() {
      return running.hasExited() ? undefined : running.pid;
    },
    stop: (signal) => running.stop(signal),
    close: () => running.stop(),
    async start() {
      if (running.hasExited()) running = await startOn(port, folder, logFile, options);
    },
  };
}
