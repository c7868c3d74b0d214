import { RawWebSocket } from '../../bench/push/raw-websocket.ts';
import type { ShownStock } from './loader-messages.ts';
import type { SocketRecord } from './socket-verdict.ts';

type View = ShownStock & { readonly sku: string; readonly asOf: string };
type Subscribed =
  | { readonly ok: true; readonly epoch: string; readonly stock: readonly View[] }
  | { readonly ok: false };

export interface SocketSurroundings {
  readonly port: number;
  readonly token: string;
  /** How long after a lost connection the next one begins, and after one that could not be begun. */
  readonly backAfterMs: () => number;
  readonly retryAfterMs: () => number;
  readonly onUpdate: (asOf: string) => void;
  readonly onBack: () => void;
}

const PATH = '/socket.io/?EIO=4&transport=websocket';
const NAMESPACE = '/storefront';

/** A storefront's socket that comes back with what it has seen, and notices what it may never see. */
export class StorefrontSocket implements SocketRecord {
  readonly name: string;
  readonly watched: readonly string[];
  readonly held = new Map<string, View>();
  missingNumbers = 0;
  repeatedNumbers = 0;
  versionsBack = 0;
  connections = 0;
  toldEvicted = false;
  isSubscribed = false;
  private readonly around: SocketSurroundings;
  private epoch: string | undefined;
  private lastNumber = 0;
  /** On this connection, whatever became of it since. */
  private hasJoined = false;
  private raw: RawWebSocket | undefined;

  constructor(name: string, watched: readonly string[], around: SocketSurroundings) {
    this.name = name;
    this.watched = watched;
    this.around = around;
  }

  connect(): void {
    this.lastNumber = 0;
    this.hasJoined = false;
    this.raw = new RawWebSocket(this.around.port, PATH, {
      open: () => {
        this.connections++;
      },
      text: (payload) => this.read(payload.toString()),
      close: () => {
        const { backAfterMs, retryAfterMs } = this.around;
        this.isSubscribed = false;
        setTimeout(() => this.connect(), this.hasJoined ? backAfterMs() : retryAfterMs());
      },
    });
  }

  pause(): void {
    this.raw?.pause();
  }
  resume(): void {
    this.raw?.resume();
  }
  /** As when a line breaks: it comes back by itself. */
  cut(): void {
    this.isSubscribed = false;
    this.raw?.close();
  }

  private read(text: string): void {
    const event =
      text.startsWith('42') || text.startsWith('43') ? JSON.parse(text.slice(text.indexOf('['))) : undefined;
    if (text.startsWith('43')) this.joined((event as [Subscribed])[0]);
    else if (text.startsWith('42')) this.told(event as [string, unknown, unknown]);
    else if (text.startsWith('40')) this.subscribe();
    else if (text.startsWith('44')) this.raw?.close();
    else if (text.startsWith('0')) this.raw?.send(`40${NAMESPACE},${JSON.stringify({ token: this.around.token })}`);
    else if (text.startsWith('2')) this.raw?.send('3');
  }

  private subscribe(): void {
    const since = Object.fromEntries([...this.held].map(([sku, { version }]) => [sku, version]));
    const { epoch, watched: skus } = this;
    this.raw?.send(`42${NAMESPACE},0${JSON.stringify(['subscribe', epoch ? { skus, since, epoch } : { skus }])}`);
  }

  private joined(answer: Subscribed): void {
    if (!answer.ok) {
      this.raw?.close();
      return;
    }
    this.epoch = answer.epoch;
    for (const view of answer.stock) this.show(view);
    this.isSubscribed = this.hasJoined = true;
    this.around.onBack();
  }

  private told([kind, body, numbering]: readonly [string, unknown, unknown]): void {
    if (kind === 'evicted') this.toldEvicted = true;
    if (kind !== 'stock') return;
    const { seq } = numbering as { readonly seq: number };
    if (seq <= this.lastNumber) this.repeatedNumbers++;
    else this.missingNumbers += seq - this.lastNumber - 1;
    this.lastNumber = seq;
    for (const view of body as readonly View[]) {
      this.show(view);
      this.around.onUpdate(view.asOf);
    }
  }

  private show(view: View): void {
    if (view.version < (this.held.get(view.sku)?.version ?? 0)) this.versionsBack++;
    this.held.set(view.sku, view);
  }
}
