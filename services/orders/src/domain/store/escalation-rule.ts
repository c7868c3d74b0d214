export interface EscalationStep {
  readonly afterMinutes: number;
  readonly level: EscalationLevel['level'];
}
/** By type of place, from when it was assigned (accept) or accepted (pick). Unaccepted it moves on by another setting. */
export type EscalationRule = Readonly<
  Record<string, { readonly accept: readonly EscalationStep[]; readonly pick: readonly EscalationStep[] }>
>;

export interface EscalationLevel {
  readonly level: 'remind' | 'manager' | 'reroute';
  readonly atMs: number;
}
const MINUTE_MS = 60_000;

/** Fixed with the task: a rule that changes meanwhile changes no task that is under way. */
export const levelsFrom = (steps: readonly EscalationStep[], afterMs: (forMs: number) => number): EscalationLevel[] =>
  steps
    .map(({ afterMinutes, level }) => ({ level, atMs: afterMs(afterMinutes * MINUTE_MS) }))
    .toSorted((a, b) => a.atMs - b.atMs);
