import type { ServerChoice } from './choice.js';
import { kafkaEnvironment } from './docker-kafka-environment.js';
import { findFreePorts, requireFreePort } from './free-port.js';
import { probeKafka, probeMongodb } from './probe.js';
import { LocalStackError } from './problem.js';
import { formReplicaSet, REPLICA_SET } from './replica-set.js';
import type { KafkaServers, MongodbServer, ServerPlace } from './servers.js';
import { untilReady } from './until-ready.js';

export const KAFKA_IMAGE = 'apache/kafka:4.4.0';
export const MONGODB_IMAGE = 'mongo:8';

const READY = { limitMs: 120_000, pauseMs: 250 };
const STOP_GRACE_S = 10;

// Loaded late everywhere: testcontainers costs 0.9 s that callers with addresses in the environment save.
const loadTestcontainers = () => import('testcontainers');

export async function hasDockerEngine(): Promise<boolean> {
  const { getContainerRuntimeClient } = await loadTestcontainers();
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

interface ContainerSpec {
  image: string;
  containerPort: number;
  hostPort: number;
  environment?: Record<string, string>;
  command?: string[];
  network?: { id: StartedNetwork; alias: string };
  volume?: { name: string; folder: string };
}

type StartedNetwork = Awaited<ReturnType<typeof startNetwork>>;

async function startNetwork() {
  const { Network } = await loadTestcontainers();
  return new Network().start();
}

/** A container whose port is published on loopback only, and keeps it when it is stopped and started again. */
async function startContainer(spec: ContainerSpec) {
  const { GenericContainer, getContainerRuntimeClient } = await loadTestcontainers();
  class LoopbackContainer extends GenericContainer {
    protected override beforeContainerCreated(): Promise<void> {
      const hostPort = { HostIp: '127.0.0.1', HostPort: String(spec.hostPort) };
      this.hostConfig.PortBindings = { [`${spec.containerPort}/tcp`]: [hostPort] };
      return Promise.resolve();
    }
  }
  const container = new LoopbackContainer(spec.image).withExposedPorts({
    container: spec.containerPort,
    host: spec.hostPort,
  });
  if (spec.environment) container.withEnvironment(spec.environment);
  if (spec.command) container.withCommand(spec.command);
  if (spec.network) container.withNetwork(spec.network.id).withNetworkAliases(spec.network.alias);
  if (spec.volume) container.withBindMounts([{ source: spec.volume.name, target: spec.volume.folder, mode: 'rw' }]);
  const started = await container.start();
  const handle = (await getContainerRuntimeClient()).container.getById(started.getId());
  return {
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      if (!(await handle.inspect()).State.Running) return;
      if (signal === 'SIGTERM') await handle.stop({ t: STOP_GRACE_S });
      else await handle.kill({ signal });
      await handle.wait();
    },
    start: async () => void (await handle.start()),
    remove: async () => void (await started.stop({ timeout: STOP_GRACE_S * 1_000 })),
  };
}

const volumeName = (place: ServerPlace, server: string) => `shelfline-${place.purpose}-${server}`;

export async function dockerKafka(
  place: ServerPlace,
  size: { brokerCount: number; port?: number },
  keepData: boolean,
): Promise<KafkaServers> {
  if (size.port !== undefined) await requireFreePort(size.port, 'Kafka');
  const free = await findFreePorts(size.brokerCount);
  const ports = free.map((port, index) => (index === 0 ? (size.port ?? port) : port));
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const network = await startNetwork();
  const containers = await Promise.all(
    ports.map((hostPort, index) =>
      startContainer({
        image: KAFKA_IMAGE,
        containerPort: 9092,
        hostPort,
        environment: kafkaEnvironment(index + 1, size.brokerCount, hostPort),
        network: { id: network, alias: `broker-${index + 1}` },
        volume: keepData
          ? { name: volumeName(place, `kafka-${size.brokerCount}-${index + 1}`), folder: '/var/lib/kafka/data' }
          : undefined,
      }),
    ),
  );
  const down = new Set<number>();
  const untilJoined = (wanted: string[], count: number) =>
    untilReady(() => probeKafka(wanted, count), { ...READY, signal: place.signal });
  const containerOf = (id: number) => {
    const container = containers[id - 1];
    if (container) return container;
    throw new LocalStackError(`There is no Kafka broker ${id}.`, `There are ${containers.length}, counted from 1.`);
  };
  await untilJoined(addresses, size.brokerCount);
  return {
    addresses,
    brokers: addresses.map((address, index) => ({ id: index + 1, address, pid: undefined })),
    async stopBroker(id, signal) {
      await containerOf(id).stop(signal);
      down.add(id);
    },
    async startBroker(id) {
      await containerOf(id).start();
      down.delete(id);
      await untilJoined([addresses[id - 1] as string], size.brokerCount - down.size);
    },
    async close() {
      await Promise.all(containers.map(async (container) => container.remove()));
      await network.stop();
    },
  };
}

export async function dockerMongodb(
  place: ServerPlace,
  port: number | undefined,
  keepData: boolean,
): Promise<MongodbServer> {
  if (port !== undefined) await requireFreePort(port, 'MongoDB');
  const hostPort = port ?? ((await findFreePorts(1))[0] as number);
  const uri = `mongodb://127.0.0.1:${hostPort}/?retryWrites=true&w=majority&journal=true&directConnection=true`;
  const container = await startContainer({
    image: MONGODB_IMAGE,
    containerPort: 27017,
    hostPort,
    command: ['--replSet', REPLICA_SET, '--bind_ip_all'],
    volume: keepData ? { name: volumeName(place, 'mongodb'), folder: '/data/db' } : undefined,
  });
  const untilPrimary = () =>
    untilReady(
      async () => {
        await formReplicaSet(hostPort, '127.0.0.1:27017');
        await probeMongodb(uri);
      },
      { ...READY, signal: place.signal },
    );
  await untilPrimary();
  let stopped = false;
  return {
    uri,
    pid: undefined,
    async stop(signal) {
      stopped = true;
      await container.stop(signal);
    },
    async start() {
      if (!stopped) return;
      await container.start();
      await untilPrimary();
      stopped = false;
    },
    close: () => container.remove(),
  };
}

/** Fetches the images of the servers that Docker is to run. */
export async function pullImages(choice: ServerChoice): Promise<void> {
  const images = [choice.kafka.kind === 'docker' && KAFKA_IMAGE, choice.mongodb.kind === 'docker' && MONGODB_IMAGE];
  const { getContainerRuntimeClient, ImageName } = await loadTestcontainers();
  for (const image of images) {
    if (image) await (await getContainerRuntimeClient()).image.pull(ImageName.fromString(image));
  }
}

/** Removes the volumes in which Docker keeps the data of this purpose. */
export async function removeVolumes(place: ServerPlace, choice: ServerChoice): Promise<void> {
  const servers: string[] = [];
  if (choice.kafka.kind === 'docker') servers.push('kafka-1-1', 'kafka-3-1', 'kafka-3-2', 'kafka-3-3');
  if (choice.mongodb.kind === 'docker') servers.push('mongodb');
  if (servers.length === 0) return;
  const { getContainerRuntimeClient } = await loadTestcontainers();
  const { dockerode } = (await getContainerRuntimeClient()).container;
  for (const server of servers) {
    try {
      await dockerode.getVolume(volumeName(place, server)).remove();
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    }
  }
}
