import type { Log } from '@shelfline/streaming/log';
import { wayOf } from './simulated-courier.js';
import type { SimulatedParcel, SimulatedParcels } from './simulated-parcels.js';
import { signBody } from './webhook-signature.js';

const LOOK_EVERY_MS = 250;
const MOST_AT_ONCE = 50;
const WEBHOOK_TIMEOUT_MS = 10_000;

export interface JourneyOptions {
  readonly parcels: Pick<SimulatedParcels, 'findDue' | 'wasTold'>;
  /** Where the courier tells what happened. */
  readonly webhook: string;
  readonly secret: string;
  readonly stepMs: number;
  readonly nowMs: () => number;
  readonly send?: typeof fetch;
  readonly log: Log;
}

/** Brings simulated parcels on their way, and tells it as a courier does: by a signed webhook, again until it is taken. */
export class SimulatedJourneys {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: JourneyOptions) {}

  start(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.bringOn()
        .catch((error: Error) => this.options.log.warn({ reason: error.message }, 'simulated parcels did not move'))
        .finally(() => this.start());
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** One step of each that is due. */
  async bringOn(): Promise<void> {
    const { parcels, nowMs } = this.options;
    for (const parcel of await parcels.findDue(nowMs(), MOST_AT_ONCE)) await this.tell(parcel);
  }

  /** Named and dated by the parcel and the step, so that telling it again tells the same. */
  private async tell(parcel: SimulatedParcel): Promise<void> {
    const { webhook, secret, stepMs, nowMs, parcels, send = fetch, log } = this.options;
    const way = wayOf(parcel);
    const step = way[parcel.told]!;
    const at = new Date(parcel.dueAtMs!).toISOString();
    const reason = step === 'failed' ? { reason: 'nobody opened' } : {};
    const event = { id: `${parcel.parcelId}/${step}`, parcel: parcel.parcelId, step, at, ...reason };
    const body = Buffer.from(JSON.stringify({ events: [event] }));
    const headers = { 'content-type': 'application/json', 'courier-signature': signBody(secret, body, nowMs()) };
    const signal = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS);
    const { ok, status } = await send(webhook, { method: 'POST', headers, body, signal });
    if (ok) await parcels.wasTold(parcel, parcel.told + 1 < way.length ? parcel.dueAtMs! + stepMs : undefined);
    else log.warn({ status, parcelId: parcel.parcelId }, 'a courier’s webhook was not taken; it is sent again');
  }
}
