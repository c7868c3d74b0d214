import { moment } from '../awaiting.ts';
import { connectionsTo, portsOf } from '../sockets/open-connections.ts';
import type { SocketField, SocketScenario } from '../sockets/socket-field.ts';
import { isExact } from '../sockets/socket-verdict.ts';

/** All are on their way back by then; changes go on until here. */
const STORM_MS = 10_000;
const EXACT_WITHIN_MS = 15_000;
const QUIET_MS = 2000;

/** Each round every connection is lost at once: the lines break, or the gateway is killed and begun again, in turn. */
export const reconnectStorm: SocketScenario = {
  name: 'reconnect-storm',
  what: 'every socket loses its connection at once and comes back within 10 s, while stock goes on changing',
  secondShare: 0.5,
  alsoWatched: [],
  gatewayEnv: {},
  async run(field) {
    const rounds: StormRound[] = [];
    do {
      rounds.push(await storm(field, rounds.length % 2 === 0 ? 'cut' : 'kill'));
    } while (!field.isOver());
    const shared = { limit: EXACT_WITHIN_MS, unit: 'ms', isTiming: true };
    const longest = (figure: (round: StormRound) => number): number => Math.max(...rounds.map(figure));
    field.figure({ ...shared, what: 'every socket back with its snapshot', value: longest(({ backMs }) => backMs) });
    field.figure({ ...shared, what: 'every socket exact', value: longest(({ exactMs }) => exactMs) });
    const must = { limit: 0, isTiming: false };
    const connections = longest(({ databaseConnections }) => databaseConnections ?? 0);
    field.figure({ ...must, what: 'connections to the database', value: connections, unit: 'of the gateway' });
    field.figure({ ...must, what: 'REST asked', value: field.decoy.requests, unit: 'requests' });
    if (rounds.some(({ databaseConnections }) => databaseConnections === undefined))
      field.note('this system does not tell what connections a process has');
  },
};

interface StormRound {
  readonly backMs: number;
  readonly exactMs: number;
  readonly databaseConnections: number | undefined;
}

async function storm(field: SocketField, kind: 'cut' | 'kill'): Promise<StormRound> {
  const { signal, gateway, fleets, rig } = field;
  await moment(QUIET_MS, signal);
  const lostMs = Date.now();
  if (kind === 'cut') await Promise.all(fleets.map((fleet) => fleet.tell({ type: 'cut' })));
  else {
    await gateway.kill();
    gateway.start();
  }
  field.count(kind === 'cut' ? 'loss of every connection' : 'kill of gateway');
  await moment(STORM_MS - (Date.now() - lostMs), signal);
  const databaseConnections = connectionsTo(gateway.pid!, portsOf(rig.stack.mongodbUri));
  const verdict = await field.converge();
  const exactMs = isExact(verdict) ? Date.now() - lostMs : Number.POSITIVE_INFINITY;
  const backMs = Math.max(...(await field.reports()).map(({ lastBackMs }) => lastBackMs)) - lostMs;
  field.changes.start();
  return { backMs, exactMs, databaseConnections };
}
