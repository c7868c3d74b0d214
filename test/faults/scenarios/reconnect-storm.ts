import { moment } from '../awaiting.ts';
import { connectionsTo, portsOf } from '../sockets/open-connections.ts';
import type { SocketField, SocketScenario } from '../sockets/socket-field.ts';
import { isExact } from '../sockets/socket-verdict.ts';

/** The last has its snapshot so long after it began to connect, where the machine is not too busy. */
const CONNECT_MS = 1000;
const EXACT_WITHIN_MS = 15_000;
const QUIET_MS = 2000;

/** Each round every connection is lost at once: the lines break, or the gateway is killed and begun again, in turn. */
export const stormOf = (backWithinMs: number): SocketScenario => ({
  name: 'reconnect-storm',
  what: 'every socket loses its connection at once and comes back within 10 s, while stock goes on changing',
  backWithinMs,
  secondShare: 0.5,
  alsoWatched: [],
  gatewayEnv: {},
  async run(field) {
    const rounds: StormRound[] = [];
    do {
      rounds.push(await storm(field, rounds.length % 2 === 0 ? 'cut' : 'kill', backWithinMs + CONNECT_MS));
    } while (!field.isOver());
    const shared = { limit: EXACT_WITHIN_MS, unit: 'ms', isTiming: true };
    const longest = (figure: (round: StormRound) => number): number => Math.max(...rounds.map(figure));
    field.record.figure({
      ...shared,
      what: 'every socket back with its snapshot',
      value: longest(({ backMs }) => backMs),
    });
    field.record.figure({ ...shared, what: 'every socket exact', value: longest(({ exactMs }) => exactMs) });
    const must = { limit: 0, isTiming: false };
    const connections = longest(({ databaseConnections }) => databaseConnections ?? 0);
    field.record.figure({ ...must, what: 'connections to the database', value: connections, unit: 'of the gateway' });
    field.record.figure({ ...must, what: 'REST asked', value: field.decoy.requests, unit: 'requests' });
    if (rounds.some(({ databaseConnections }) => databaseConnections === undefined))
      field.record.note('this system does not tell what connections a process has');
  },
});

export const reconnectStorm = stormOf(10_000 - CONNECT_MS);

interface StormRound {
  readonly backMs: number;
  readonly exactMs: number;
  readonly databaseConnections: number | undefined;
}

/** Stock goes on changing for so long; then what all show is compared. */
async function storm(field: SocketField, kind: 'cut' | 'kill', changingMs: number): Promise<StormRound> {
  const { signal, gateway, fleets, rig } = field;
  await moment(QUIET_MS, signal);
  const lostMs = Date.now();
  if (kind === 'cut') await Promise.all(fleets.map((fleet) => fleet.tell({ type: 'cut' })));
  else {
    await gateway.kill();
    gateway.start();
  }
  field.record.count(kind === 'cut' ? 'loss of every connection' : 'kill of gateway');
  await moment(Math.max(0, changingMs - (Date.now() - lostMs)), signal);
  const databaseConnections = connectionsTo(gateway.pid!, portsOf(rig.stack.mongodbUri));
  const verdict = await field.converge();
  const exactMs = isExact(verdict) ? Date.now() - lostMs : Number.POSITIVE_INFINITY;
  const backMs = Math.max(...(await field.reports()).map(({ lastBackMs }) => lastBackMs)) - lostMs;
  field.changes.start();
  return { backMs, exactMs, databaseConnections };
}
