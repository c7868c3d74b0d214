/** Time as a port: the simulator brings its own. */
export interface Timer {
  nowMs(): number;
  /** Answers how to call it off. */
  after(delayMs: number, run: () => void): () => void;
}
