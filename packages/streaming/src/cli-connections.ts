import { styleText } from 'node:util';
import type { Connection } from 'mongoose';
import { OperatorError } from './errors.js';
import type { KafkaPort } from './kafka-port.js';
import { connectKafka } from './kafkajs-port.js';
import { openDatabase } from './mongo-database.js';

export interface Servers {
  readonly connection: Connection;
  readonly prefix: string;
  /** Connected when first asked for: listing needs no Kafka. */
  kafka(): Promise<KafkaPort>;
}

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new OperatorError(`${name} is not set. Set it as for the service whose data this is about.`);
  return value;
};

export async function withServers<T>(database: string, work: (servers: Servers) => Promise<T>): Promise<T> {
  const uri = required('MONGODB_URI');
  const connection = await openDatabase({ uri, database, appName: 'shelfline-operator' }).catch((error: Error) => {
    throw new OperatorError(`MongoDB at MONGODB_URI does not answer: ${error.message}`);
  });
  let kafka: Promise<KafkaPort> | undefined;
  try {
    return await work({
      connection,
      prefix: process.env['TOPIC_PREFIX'] ?? '',
      kafka: () =>
        (kafka ??= connectKafka({ brokers: required('KAFKA_BROKERS').split(','), clientId: 'shelfline-operator' })),
    });
  } finally {
    await (await kafka?.catch(() => undefined))?.close();
    await connection.close();
  }
}

/** Runs a command line: answers on stdout, mistakes on stderr with exit code 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = error instanceof OperatorError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${styleText('red', known ? (error as Error).message : String((error as Error).stack))}\n`);
    process.exitCode = 1;
  }
}
