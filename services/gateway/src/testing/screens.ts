import { versionOf } from '@shelfline/contracts/stock-level';
import type { StockView } from '@shelfline/contracts/storefront-protocol';
import { io, type Socket } from 'socket.io-client';

export interface Screen {
  readonly socket: Socket;
  readonly views: StockView[];
  readonly numbers: number[];
  /** Resolves once this SKU was seen at this offset. */
  sees(sku: string, offset: number): Promise<void>;
  ask(event: string, body: unknown): Promise<Record<string, unknown> & { stock: StockView[] }>;
}

const ANSWER_WITHIN_MS = 5000;

/** Plain socket.io clients of one gateway. */
export class Screens {
  private readonly open: Socket[] = [];

  constructor(private readonly address: () => string) {}

  socket(namespace: string, options: object = {}): Socket {
    const socket = io(`${this.address()}${namespace}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...options,
    });
    this.open.push(socket);
    return socket;
  }

  /** Rejects when it is not let in. */
  async connect(auth: object, options: object = {}): Promise<Screen> {
    const socket = this.socket('/storefront', { auth, ...options });
    const views: StockView[] = [];
    const numbers: number[] = [];
    const waiting = new Set<() => void>();
    socket.on('stock', (news: StockView[], { seq }: { seq: number }) => {
      views.push(...news);
      numbers.push(seq);
      for (const check of waiting) check();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return {
      socket,
      views,
      numbers,
      sees: (sku, offset) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!views.some((view) => view.sku === sku && view.version === versionOf(1, offset))) return;
            waiting.delete(check);
            resolve();
          };
          waiting.add(check);
          check();
        }),
      ask: (event, body) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, body),
    };
  }

  async refusal(auth: object): Promise<unknown> {
    try {
      await this.connect(auth);
    } catch (error) {
      return (error as { data?: unknown }).data;
    }
    throw new Error('it was let in');
  }

  closeAll(): void {
    for (const socket of this.open.splice(0)) socket.disconnect();
  }
}
