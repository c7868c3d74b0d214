import { replace } from './kafkajs-exchange.js';

// Import it before `kafkajs`.

interface KafkajsRequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}
type KafkajsRequestQueueClass = new (...options: never[]) => KafkajsRequestQueue;

/**
 * kafkajs looks every millisecond whether a request waits, on each connection and for ever: it waits for a negative time
 * once nothing is throttled. Only what waits need be looked at; the next one that must wait asks again.
 */
replace<KafkajsRequestQueueClass>(
  'network/requestQueue/index.js',
  (Original) =>
    class RequestQueue extends Original {
      override scheduleCheckPendingRequests(): void {
        if (this.pending.length > 0) super.scheduleCheckPendingRequests();
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
