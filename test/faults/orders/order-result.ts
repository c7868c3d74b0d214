/** What may not be: each list is empty where all is well. */
export interface OrderVerdict {
  /** Answered as taken, and there is no such order; or orders that end nowhere. */
  readonly lost: readonly string[];
  /** At a step at rest, or at the end, promised and not reserved, or reserved and not promised. */
  readonly unequal: readonly string[];
  /** While everything moved: an order counted on what the ledger did not hold. */
  readonly unheld: readonly string[];
  /** Promised twice: more counted on than ordered, or tasks with nothing behind them. */
  readonly contradictions: readonly string[];
  readonly oversold: readonly string[];
  /** Places where not what came less what went out stands. */
  readonly wrongStock: readonly string[];
  /** Orders and tasks that REST or a store's screen shows otherwise than they are. */
  readonly wronglyShown: readonly string[];
  /** Answers that a customer or a store may not get. */
  readonly wrongAnswers: readonly string[];
}

export interface OrderResult {
  readonly scenario: string;
  readonly seed: number;
  readonly seconds: number;
  readonly orders: number;
  readonly lines: number;
  readonly steps: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
  readonly cancelledByCustomers: number;
  /** Of the orders, at the end. */
  readonly states: Readonly<Record<string, number>>;
  /** Steps that places took. */
  readonly worked: Readonly<Record<string, number>>;
  /** Of all tasks, at the end. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly promisedUnits: number;
  readonly deadLetters: number;
  readonly verdict: OrderVerdict;
  readonly logs?: string;
}
