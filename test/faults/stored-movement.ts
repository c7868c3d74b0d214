/** The ledger's document, as far as it is judged by it. */
export interface MovementDocument {
  readonly _id: string;
  readonly type: string;
  readonly sku: string;
  readonly version: number;
  /** JSON of what was sent. Absent in what the collection holds beside movements: notes of repeats and forwards. */
  readonly content?: string;
  /** JSON of `MovementEffect`s. */
  readonly effects: string;
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

/** The one place that knows how the ledger stores a movement; undefined when it is none. */
export function movementIn(document: MovementDocument): StoredMovement | undefined {
  const { type, sku, version, content, effects } = document;
  if (content === undefined) return undefined;
  const { id } = JSON.parse(content) as { id: string };
  return { id, type, sku, version, effects: JSON.parse(effects) as MovementEffect[] };
}
