import type { ConnectMetrics } from '@shelfline/connect/connect-metrics';
import { DeltaIntake } from '@shelfline/connect/delta-intake';
import { DeltaSender } from '@shelfline/connect/delta-sender';
import type { ImportFiles, Upload } from '@shelfline/connect/import-files';
import { ImportIntake } from '@shelfline/connect/import-intake';
import { ImportWorker } from '@shelfline/connect/import-worker';
import { MemoryImportFiles } from '@shelfline/connect/testing/memory-import-files';
import { MemoryImportsRepository } from '@shelfline/connect/testing/memory-imports-repository';
import { TOPICS } from '@shelfline/contracts/topics';
import { silentLog } from '@shelfline/streaming/log';
import { Publisher } from '@shelfline/streaming/publisher';
import { remote, type ServerHealth } from './remote.ts';
import type { Scheduler } from './scheduler.ts';
import { PARTITIONS } from './setting.ts';
import type { Struck } from './strikes.ts';
import { type RunningProcess, type Surroundings } from './surroundings.ts';

/** Short, so that slow brokers are told of; few rows, so that a file has several places where a worker may end. */
const DELTAS_TIMEOUT_MS = 60;
const LEASE_MS = 1500;
const CHUNK_ROWS = 3;
const RETENTION_MS = 30 * 86_400_000;
const uncounted = {
  publishSeconds: { startTimer: () => () => {} },
  importRows: { inc: () => {} },
  importBytes: { inc: () => {} },
  imports: { inc: () => {} },
} as unknown as ConnectMetrics;

/** Connect's database and the folder that its instances share; both go by their own clocks. */
export function createConnectStore(scheduler: Scheduler, struck: Struck) {
  const nowMs = () => scheduler.now();
  const repository = new MemoryImportsRepository(nowMs);
  const claim = repository.claim.bind(repository);
  repository.claim = async (owner, leaseMs) => {
    const ownerBefore = new Map([...repository.imports].map(([id, { leaseOwner }]) => [id, leaseOwner]));
    const job = await claim(owner, leaseMs);
    const before = job && ownerBefore.get(job.id);
    if (before && before !== owner) struck('import is taken over');
    return job;
  };
  return { repository, files: new MemoryImportFiles(nowMs) };
}
export type ConnectStore = ReturnType<typeof createConnectStore>;

interface ConnectSurroundings extends Surroundings {
  readonly diskHealth: ServerHealth;
}
export interface ConnectProcess extends RunningProcess {
  readonly deltas: DeltaIntake;
  readonly imports: ImportIntake;
  readonly worker: ImportWorker;
}

/** A process of connect: its real intake, sender and import worker over a simulated disk, database and Kafka. */
export async function startConnect(surroundings: ConnectSurroundings, store: ConnectStore): Promise<ConnectProcess> {
  const { machine, random, port, databaseHealth, trace, struck } = surroundings;
  const { clock } = machine;
  const partitions = new Map([TOPICS.deltas, TOPICS.catalogChanges].map(({ name }) => [name, PARTITIONS]));
  const repository = remote(store.repository, {
    server: 'database',
    machine,
    random,
    health: databaseHealth,
    trace,
    struck,
  });
  const files = diskOf(store.files, surroundings) as unknown as ImportFiles;
  const publishing = { prefix: '', partitions };
  const sender = new DeltaSender(port, { ...publishing, timeoutMs: DELTAS_TIMEOUT_MS, clock, metrics: uncounted });
  const newSuffix = () => random.between(1e9, 1e10).toString(36);
  const worker = new ImportWorker(
    {
      repository,
      files,
      publisher: new Publisher(port, publishing),
      clock,
      metrics: uncounted,
      log: silentLog,
      owner: machine.name,
      chunkRows: CHUNK_ROWS,
      leaseMs: LEASE_MS,
    },
    RETENTION_MS,
  );
  await machine.turn();
  worker.start();
  return {
    machine,
    port,
    deltas: new DeltaIntake(sender, clock),
    imports: new ImportIntake({ repository, files, clock, newSuffix }),
    worker,
    stop: () => worker.stop(),
  };
}

/** A disk is near, yet each step takes time, may fail, and may leave a part of what was to be written. */
function diskOf(files: MemoryImportFiles, { machine, random, diskHealth: health, trace, struck }: ConnectSurroundings) {
  async function* read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      await machine.turn();
      yield chunk;
    }
  }
  const target = {
    receive: (id: string, { body }: Upload) => files.receive(id, { body: read(body) as unknown as Upload['body'] }),
    writeRejected: async (id: string, startByte: number, bytes: Uint8Array) => {
      const isTorn = random.chance(health.tearing);
      await files.writeRejected(id, startByte, isTorn ? bytes.subarray(0, bytes.length >> 1) : bytes);
      if (!isTorn) return;
      struck('disk takes a part');
      throw Object.assign(new Error('ENOSPC: no room, says the simulator'), { code: 'ENOSPC' });
    },
    removeUpload: (id: string) => files.removeUpload(id),
    sweep: (retentionMs: number, isWanted: (id: string) => Promise<boolean>) => files.sweep(retentionMs, isWanted),
  };
  const far = remote(target, { server: 'disk', machine, random, health, trace, struck });
  return {
    receive: far.receive,
    writeRejected: far.writeRejected,
    removeUpload: far.removeUpload,
    sweep: far.sweep,
    readUpload: (id: string, startByte: number) => read(files.readUpload(id, startByte)),
  };
}
