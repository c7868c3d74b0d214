import { findFreePorts } from '@shelfline/local-stack/free-port';
import { randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import { PROXY_FAULTS, UnreliableProxy } from '../unreliable-proxy.ts';

const BROKERS = 3;
const SHORTEST_MS = 20;
const LONGEST_MS = 600;
const LONGEST_DELAY_MS = 800;
const PROGRESS = 500;

const proxies: UnreliableProxy[] = [];

/** A send whose answer is lost may have been written: it is sent again, and what comes twice must not count twice. */
export const proxyKafka: Scenario = {
  name: 'proxy-kafka',
  what: 'proxies before the three brokers that drop answers, cut messages half-way and delay',
  ownServers: true,
  async prepare() {
    const { KAFKA_BROKERS: _brokers, MONGODB_URI: _uri, ...env } = process.env;
    const kafkaDetours = [];
    for (const listenPort of await findFreePorts(BROKERS)) {
      const proxy = new UnreliableProxy({ host: '127.0.0.1', port: listenPort });
      proxies.push(proxy);
      kafkaDetours.push({ listenPort, advertisedPort: await proxy.listen() });
    }
    return {
      stack: { brokers: BROKERS, kafkaDetours, env: { ...env, SHELFLINE_SERVERS: 'native' } },
      dispose: async () => {
        for (const proxy of proxies.splice(0)) await proxy.close();
      },
    };
  },
  async run(field) {
    const { random } = field;
    // Services alone take the detour: what is judged is read past the proxies.
    await field.begin({ kafkaBrokers: proxies.map(({ port }) => `127.0.0.1:${port}`) });
    await untilProgress(field, PROGRESS, 'before the first fault');
    while (!field.isOver()) {
      random.pick(proxies).arm(random.pick(PROXY_FAULTS), random.between(1, LONGEST_DELAY_MS));
      await randomMoment(field, SHORTEST_MS, LONGEST_MS);
    }
    for (const proxy of proxies) {
      proxy.disarm();
      for (const [fault, times] of proxy.done) field.record.count(fault, times);
    }
  },
};
