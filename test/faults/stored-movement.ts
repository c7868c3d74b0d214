/** The ledger's document, as far as it is judged by it. */
export interface MovementPack {
  readonly _id: string;
  /** Of each line. */
  readonly ids: readonly string[];
  /** JSON of `[sku, version, effects, what was sent, …]`; notes of repeats and forwards are objects. */
  readonly lines: string;
}

interface MovementEffect {
  readonly location: string;
  readonly onHand?: number;
  readonly reserved?: number;
  readonly damaged?: number;
  readonly qualityControl?: number;
}

export interface StoredMovement {
  readonly id: string;
  readonly type: string;
  readonly sku: string;
  readonly version: number;
  readonly effects: readonly MovementEffect[];
}

/** The one place that knows how the ledger stores movements. */
export const movementsIn = ({ lines }: MovementPack): StoredMovement[] =>
  lines.split('\n').flatMap((text) => {
    const line = JSON.parse(text) as [string, number, readonly MovementEffect[], { id: string; type: string }] | object;
    if (!Array.isArray(line)) return [];
    const [sku, version, effects, { id, type }] = line as [
      string,
      number,
      readonly MovementEffect[],
      { id: string; type: string },
    ];
    return [{ id, type, sku, version, effects }];
  });
