import { FaultRig } from './fault-rig.ts';
import { SocketField, type SocketRunOptions, type SocketScenario } from './sockets/socket-field.ts';
import { type Figure, hasMet, isExact, type SocketVerdict } from './sockets/socket-verdict.ts';

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
  // One broker: none is killed, and what three would cost is missing elsewhere.
  const rig = await FaultRig.start({ name, ownServers: false, signal, stack: { brokers: 1 } });
  let keepLogs = true;
  const startedMs = Date.now();
  try {
    const field = await SocketField.start(rig, scenario, options);
    await scenario.run(field);
    const verdict = await field.converge();
    for (const how of field.gateway.endsByItself) field.note(how);
    const { faults, notes, figures, changes } = field;
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    const result = { scenario: name, seed, seconds, sockets, changes: changes.sent, faults, notes, verdict, figures };
    keepLogs = !socketsPassed(result, { strict: false });
    return keepLogs ? { ...result, logs: rig.folder } : result;
  } catch (error) {
    if (signal.aborted) keepLogs = false;
    else throw new Error(`${name}: ${(error as Error).message} (logs: ${rig.folder})`, { cause: error });
    throw error;
  } finally {
    await rig.stop({ keepLogs });
  }
}
