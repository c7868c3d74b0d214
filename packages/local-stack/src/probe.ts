import { connect } from 'node:net';

/**
 * Succeeds when so many brokers answer as one cluster with a controller. kafkajs is loaded late, as callers may have to
 * prepare it first (streaming's codecs).
 */
export async function probeKafka(addresses: string[], brokerCount: number): Promise<void> {
  for (const address of addresses) await probePort(address);
  const { Kafka, logLevel } = await import('kafkajs');
  const client = new Kafka({
    clientId: 'local-stack',
    brokers: addresses,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    if (brokers.length < brokerCount || controller === null || controller < 0) {
      throw new Error(`${brokers.length} of ${brokerCount} brokers have joined`);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Succeeds when the server takes writes. Loaded late: the driver costs 0.4 s that callers with both addresses save. */
export async function probeMongodb(uri: string): Promise<void> {
  const { mongo } = await import('mongoose');
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2_000, connectTimeoutMS: 2_000 });
  try {
    await client.connect();
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['isWritablePrimary'] !== true) throw new Error('the server has not become primary');
  } finally {
    await client.close();
  }
}

/** A TCP connection costs less than a failed client, which is what most attempts during a start would be. */
function probePort(address: string): Promise<void> {
  const at = address.lastIndexOf(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), timeout: 2_000 });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('error', reject);
  });
}
