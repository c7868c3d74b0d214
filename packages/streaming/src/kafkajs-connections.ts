import { replace } from './kafkajs-exchange.js';

// Import it before `kafkajs`.

interface KafkajsRequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, KafkajsRequest>;
  readonly enforceRequestTimeout: boolean;
  readonly isConnected: () => boolean;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}
interface KafkajsRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}
type KafkajsRequestQueueClass = new (...options: never[]) => KafkajsRequestQueue;

/** Requests are given 10 s. */
const LOOK_EVERY_MS = 500;
/** Connections whose requests are looked at, whether one has waited for too long. */
const watched = new Set<KafkajsRequestQueue>();
let looking: NodeJS.Timeout | undefined;

function look(): void {
  const nowMs = Date.now();
  for (const queue of watched) {
    for (const request of queue.inflight.values())
      if (nowMs - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!queue.isConnected()) queue.destroy();
  }
}
function watch(queue: KafkajsRequestQueue): void {
  watched.add(queue);
  looking ??= setInterval(look, LOOK_EVERY_MS).unref();
}
function unwatch(queue: KafkajsRequestQueue): void {
  watched.delete(queue);
  if (watched.size > 0) return;
  clearInterval(looking);
  looking = undefined;
}

/**
 * kafkajs looks every millisecond whether a request waits, on each connection and for ever: it waits for a negative time
 * once nothing is throttled. Only what waits need be looked at; the next one that must wait asks again. And ten times a
 * second it looks on each connection whether one has waited for too long: of a process with fifty connections one timer
 * looks at all, as each wake-up costs a fraction of a millisecond.
 */
replace<KafkajsRequestQueueClass>(
  'network/requestQueue/index.js',
  (Original) =>
    class RequestQueue extends Original {
      override scheduleCheckPendingRequests(): void {
        if (this.pending.length > 0) super.scheduleCheckPendingRequests();
      }
      override scheduleRequestTimeoutCheck(): void {
        if (this.enforceRequestTimeout) watch(this);
      }
      override destroy(): void {
        unwatch(this);
        super.destroy();
      }
    },
);

interface KafkajsConnection {
  /** What came of an answer that is not whole yet, and how many bytes it must have before it is read. */
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<boolean>;
}
type KafkajsConnectionClass = new (...options: never[]) => KafkajsConnection;

/** Of the next answer: its length. */
const LENGTH_BYTES = 4;

/**
 * kafkajs keeps the half of an answer that a connection was lost with, and reads what comes over the next one as its
 * other half: from then on no answer is understood, and each request waits for its time to be over.
 */
replace<KafkajsConnectionClass>(
  'network/connection.js',
  (Original) =>
    class Connection extends Original {
      override connect(): Promise<boolean> {
        if (!this.isConnected()) {
          this.chunks = [];
          this.bytesBuffered = 0;
          this.bytesNeeded = LENGTH_BYTES;
        }
        return super.connect();
      }
    },
);
