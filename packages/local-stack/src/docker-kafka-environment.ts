import { clusterSettings } from './kafka-properties.js';

const CLUSTER_ID = 'Ks4wQmVhcmluZ1NoZWxmbA';

/** Settings of one broker in a container: others reach it by its network alias, programs on this machine by loopback. */
export function kafkaEnvironment(id: number, brokerCount: number, hostPort: number): Record<string, string> {
  const ids = Array.from({ length: brokerCount }, (_, index) => index + 1);
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': ids.map((voter) => `${voter}@broker-${voter}:9093`).join(','),
    listeners: 'EXTERNAL://:9092,INTERNAL://:19092,CONTROLLER://:9093',
    'advertised.listeners': `EXTERNAL://127.0.0.1:${hostPort},INTERNAL://broker-${id}:19092`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'EXTERNAL:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': '/var/lib/kafka/data',
    ...clusterSettings(brokerCount),
  };
  const variables = Object.entries(settings).map(([name, value]) => [
    `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
    String(value),
  ]);
  return { CLUSTER_ID, KAFKA_HEAP_OPTS: '-Xms128m -Xmx512m', ...Object.fromEntries(variables) };
}
