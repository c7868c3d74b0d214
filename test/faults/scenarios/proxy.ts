import { randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import { PROXY_FAULTS, UnreliableProxy } from '../unreliable-proxy.ts';

const SHORTEST_MS = 20;
const LONGEST_MS = 500;
const LONGEST_DELAY_MS = 800;
const PROGRESS = 500;

/** The ledger cannot know whether a commit whose answer it never got was made; it must find out and not guess. */
export const proxyScenario: Scenario = {
  name: 'proxy',
  what: 'a proxy before the database that drops answers, cuts messages half-way and delays',
  ownServers: false,
  async run(field) {
    const uri = new URL(field.rig.stack.mongodbUri);
    const proxy = new UnreliableProxy({ host: uri.hostname, port: Number(uri.port) });
    field.rig.afterwards(() => proxy.close());
    uri.port = String(await proxy.listen());
    // Else the driver would learn the server's own address from it and go around the proxy.
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    await field.begin({ inventoryEnv: { MONGODB_URI: uri.href } });
    await untilProgress(field, PROGRESS, 'before the first fault');
    while (!field.isOver()) {
      proxy.arm(field.random.pick(PROXY_FAULTS), field.random.between(1, LONGEST_DELAY_MS));
      await randomMoment(field, SHORTEST_MS, LONGEST_MS);
    }
    proxy.disarm();
    for (const [fault, times] of proxy.done) field.record.count(fault, times);
  },
};
