export const HEAP_ARGS = [
  // Only the quick compiler: the other one takes minutes of CPU from the services beside it to pay off.
  '-XX:TieredStopAtLevel=1',
  '-Xms128m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
];

export interface BrokerPorts {
  id: number;
  clientPort: number;
  controllerPort: number;
  detour?: BrokerDetour | undefined;
}

/** A second way to a broker, for clients that shall reach it through something else, such as a proxy that does harm. */
export interface BrokerDetour {
  listenPort: number;
  /** Whoever comes by this way is told to come here. */
  advertisedPort: number;
}

const HOST = '127.0.0.1';
// As long as a SKU's deltas may wait for their consumer: the ledger is rebuilt from topics up to this age.
const RETENTION_HOURS = 14 * 24;

/** Settings that do not depend on where a broker runs, for a cluster of so many. */
export function clusterSettings(brokerCount: number): Record<string, string | number | boolean> {
  const minimum = Math.max(1, brokerCount - 1);
  return {
    'log.retention.hours': RETENTION_HOURS,
    'num.partitions': 6,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': brokerCount,
    'offsets.topic.num.partitions': 8,
    'offsets.retention.minutes': RETENTION_HOURS * 60,
    'transaction.state.log.replication.factor': brokerCount,
    'transaction.state.log.min.isr': minimum,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': brokerCount,
    'share.coordinator.state.topic.min.isr': minimum,
    'default.replication.factor': brokerCount,
    'min.insync.replicas': minimum,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    ...(brokerCount > 1 ? QUICK_FAILOVER : {}),
  };
}

// A dead broker is noticed in 3 s instead of 9 s, a lagging replica in 5 s instead of 30 s.
const QUICK_FAILOVER = {
  'broker.session.timeout.ms': 3_000,
  'broker.heartbeat.interval.ms': 500,
  'replica.lag.time.max.ms': 5_000,
};

/** The server.properties of one native broker; every broker is also a controller, and all of it stays on loopback. */
export function brokerProperties(broker: BrokerPorts, cluster: BrokerPorts[], logFolder: string): string {
  const client = `PLAINTEXT://${HOST}:${broker.clientPort}`;
  const { detour } = broker;
  const [detourListener, detourAdvertised] = detour
    ? [`,DETOUR://${HOST}:${detour.listenPort}`, `,DETOUR://${HOST}:${detour.advertisedPort}`]
    : ['', ''];
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': broker.id,
    'controller.quorum.voters': cluster.map(({ id, controllerPort }) => `${id}@${HOST}:${controllerPort}`).join(','),
    listeners: `${client},CONTROLLER://${HOST}:${broker.controllerPort}${detourListener}`,
    'advertised.listeners': client + detourAdvertised,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${detour ? ',DETOUR:PLAINTEXT' : ''}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logFolder.replaceAll('\\', '/'),
    ...clusterSettings(cluster.length),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Log settings of a broker: to standard output, which goes to the broker's log file. */
export const LOG4J_PROPERTIES = `status=warn
appender.console.type=Console
appender.console.name=STDOUT
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.stdout.ref=STDOUT
logger.kafka.name=kafka.server
logger.kafka.level=INFO
logger.ap.name=org.apache.kafka.server
logger.ap.level=WARN
`;
