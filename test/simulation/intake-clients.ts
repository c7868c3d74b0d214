import type { DeltasAnswer } from '@shelfline/connect/delta-intake';
import type { Upload } from '@shelfline/connect/import-files';
import type { ConnectProcess } from './connect-process.ts';
import type { PlannedRequest, PlannedUpload } from './planned-intake.ts';
import type { Scheduler } from './scheduler.ts';
import { CONNECT_SLOTS, START_MS } from './setting.ts';
import type { Struck } from './strikes.ts';

const GIVES_UP_AFTER_MS = 2500;
const ASKS_AGAIN_MS = 150;
/** Of a file on its way, at a time. */
const SENT_BYTES = 150;

/** What an item was answered, and when the process said so. */
export interface Answered {
  readonly request: PlannedRequest;
  readonly atMs: number;
  /** By position: `accepted`, or the type of the rejection. */
  readonly answers: readonly string[];
}
export interface Acknowledged {
  readonly upload: PlannedUpload;
  readonly id: string;
}

interface IntakeClientsOptions {
  readonly scheduler: Scheduler;
  readonly find: (instance: number) => ConnectProcess | undefined;
  readonly struck: Struck;
}

/** Shops and back offices: they send everything whole again, to the other instance, until each item has an answer. */
export class IntakeClients {
  readonly answered: Answered[] = [];
  readonly acknowledged: Acknowledged[] = [];
  /** What nobody ever answered. */
  waiting = 0;
  private readonly options: IntakeClientsOptions;

  constructor(options: IntakeClientsOptions) {
    this.options = options;
  }

  load(requests: readonly PlannedRequest[], uploads: readonly PlannedUpload[]): void {
    const { scheduler } = this.options;
    for (const request of requests)
      scheduler.at(START_MS + request.atMs, () => void this.until(request.instance, (to) => this.send(request, to)));
    for (const upload of uploads)
      scheduler.at(START_MS + upload.atMs, () => void this.until(upload.instance, (to) => this.upload(upload, to)));
  }

  private async until(first: number, isDone: (to: ConnectProcess) => Promise<boolean>): Promise<void> {
    const { scheduler, find, struck } = this.options;
    this.waiting++;
    for (let instance = first; ; instance = (instance + 1) % CONNECT_SLOTS) {
      const process = find(instance);
      const late = scheduler.sleep(GIVES_UP_AFTER_MS).then(() => false);
      if (process && (await Promise.race([isDone(process).catch(() => false), late]))) break;
      struck('client of connect asks again');
      await scheduler.sleep(ASKS_AGAIN_MS);
    }
    this.waiting--;
  }

  private async send(request: PlannedRequest, to: ConnectProcess): Promise<boolean> {
    await to.machine.turn();
    const answer = await to.deltas.take(request.items.map(({ item }) => item));
    const atMs = this.options.scheduler.now();
    await to.machine.turn();
    const answers = answersOf(request, answer);
    this.answered.push({ request, atMs, answers });
    return !answers.includes('unavailable');
  }

  private async upload(upload: PlannedUpload, to: ConnectProcess): Promise<boolean> {
    const { kind, options, text } = upload;
    const body = onItsWay(Buffer.from(text), to) as unknown as Upload['body'];
    await to.machine.turn();
    const id = await to.imports.take(kind, options, { body, gzip: false, contentLength: undefined });
    to.worker.wake();
    await to.machine.turn();
    this.acknowledged.push({ upload, id });
    return true;
  }
}

function answersOf({ items }: PlannedRequest, { accepted, rejected }: DeltasAnswer): string[] {
  const answers = items.map(() => 'accepted');
  for (const { index, type } of rejected) answers[index] = type;
  const taken = answers.filter((answer) => answer === 'accepted').length;
  return taken === accepted ? answers : answers.map(() => `one of ${accepted} accepted`);
}

async function* onItsWay(bytes: Buffer, to: ConnectProcess): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes.length; sent += SENT_BYTES) {
    await to.machine.turn();
    yield bytes.subarray(sent, sent + SENT_BYTES);
  }
}
