import { FaultRig } from './fault-rig.ts';
import { type Figure, hasMet } from './figures.ts';
import { SocketField, type SocketRunOptions, type SocketScenario } from './sockets/socket-field.ts';
import { isExact, type SocketVerdict } from './sockets/socket-verdict.ts';

export interface SocketResult {
  readonly scenario: string;
  readonly seed: number;
  readonly seconds: number;
  readonly sockets: number;
  readonly changes: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly verdict: SocketVerdict;
  readonly figures: readonly Figure[];
  readonly logs?: string;
}

export const socketsPassed = ({ verdict, figures }: SocketResult, judging: { readonly strict: boolean }): boolean =>
  isExact(verdict) && hasMet(figures, judging);

/** One scenario of sockets, from empty servers to the verdict. */
export async function runSockets(scenario: SocketScenario, options: SocketRunOptions): Promise<SocketResult> {
  const { signal, sockets, seed } = options;
  const { name } = scenario;
  return FaultRig.within<SocketResult>(
    // One broker: none is killed, and what three would cost is missing elsewhere.
    { name, ownServers: false, signal, stack: { brokers: 1 } },
    async (rig) => {
      const startedMs = Date.now();
      const field = await SocketField.start(rig, scenario, options);
      await scenario.run(field);
      const verdict = await field.converge();
      for (const how of field.gateway.endsByItself) field.record.note(how);
      const { changes, record } = field;
      const { faults, notes, figures } = record;
      const seconds = Math.round((Date.now() - startedMs) / 1000);
      return { scenario: name, seed, seconds, sockets, changes: changes.sent, faults, notes, verdict, figures };
    },
    (result) => socketsPassed(result, { strict: false }),
  );
}
