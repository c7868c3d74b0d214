import { describe, expect, it } from '@jest/globals';
import { kafkaEnvironment } from './docker-kafka-environment.js';
import { brokerProperties } from './kafka-properties.js';

const cluster = [1, 2, 3].map((id) => ({ id, clientPort: 29300 + id * 10, controllerPort: 29301 + id * 10 }));
const [first] = cluster as [(typeof cluster)[number]];

const parse = (text: string) =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s)),
  );

describe('the properties of a broker', () => {
  it('keep a single broker able to stand alone', () => {
    expect(parse(brokerProperties(first, [first], '/data'))).toMatchObject({
      'controller.quorum.voters': '1@127.0.0.1:29311',
      'offsets.topic.replication.factor': '1',
      'min.insync.replicas': '1',
      'auto.create.topics.enable': 'false',
      'group.initial.rebalance.delay.ms': '0',
      'log.retention.hours': '336',
      'log.dirs': '/data',
    });
  });

  it('let a cluster of three lose one broker and nothing else', () => {
    expect(parse(brokerProperties(first, cluster, '/data'))).toMatchObject({
      'controller.quorum.voters': '1@127.0.0.1:29311,2@127.0.0.1:29321,3@127.0.0.1:29331',
      'default.replication.factor': '3',
      'offsets.topic.replication.factor': '3',
      'min.insync.replicas': '2',
      'broker.session.timeout.ms': '3000',
    });
  });

  it('listen on loopback only', () => {
    const { listeners, 'advertised.listeners': advertised } = parse(brokerProperties(first, cluster, '/data'));
    expect(listeners).toBe('PLAINTEXT://127.0.0.1:29310,CONTROLLER://127.0.0.1:29311');
    expect(advertised).toBe('PLAINTEXT://127.0.0.1:29310');
  });

  it('tell whoever comes by a detour to come by it again, and everybody else nothing of it', () => {
    const detoured = { ...first, detour: { listenPort: 29312, advertisedPort: 29399 } };
    expect(parse(brokerProperties(detoured, cluster, '/data'))).toMatchObject({
      listeners: 'PLAINTEXT://127.0.0.1:29310,CONTROLLER://127.0.0.1:29311,DETOUR://127.0.0.1:29312',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:29310,DETOUR://127.0.0.1:29399',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DETOUR:PLAINTEXT',
    });
  });

  it('are the same in a container, as variables', () => {
    expect(kafkaEnvironment(2, 3, 29320)).toMatchObject({
      KAFKA_NODE_ID: '2',
      KAFKA_ADVERTISED_LISTENERS: 'EXTERNAL://127.0.0.1:29320,INTERNAL://broker-2:19092',
      KAFKA_MIN_INSYNC_REPLICAS: '2',
      KAFKA_LOG_RETENTION_HOURS: '336',
    });
  });
});
