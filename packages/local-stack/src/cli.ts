import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LocalStackOptions, prepareLocalStack, startLocalStack } from './local-stack.js';
import { LocalStackError } from './problem.js';
import { formatProgress } from './progress.js';

const USAGE = `Starts a Kafka and a MongoDB for development and prints their addresses. Ctrl-C stops them.

  --brokers 1|3     Kafka brokers (1)
  --purpose NAME    whose data it is (dev)
  --data DIR        data folder (in the cache folder, by purpose)
  --fresh           remove kept data first
  --kafka-port P    port of the first broker (a free one)
  --mongo-port P    port of MongoDB (a free one)
  --write-env FILE  write KAFKA_BROKERS=… and MONGODB_URI=… there when both are ready
  --prepare         only download and build what is needed
  --help
`;

// kafkajs computes a negative delay in every connection, which Node 24 reports and which does no harm.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      brokers: { type: 'string', default: '1' },
      purpose: { type: 'string', default: 'dev' },
      data: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      'kafka-port': { type: 'string' },
      'mongo-port': { type: 'string' },
      'write-env': { type: 'string' },
      prepare: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());
  const options: LocalStackOptions = {
    purpose: values.purpose,
    dataFolder: values.data,
    brokers: readBrokers(values.brokers),
    kafkaPort: readPort('kafka-port', values['kafka-port']),
    mongoPort: readPort('mongo-port', values['mongo-port']),
    keepData: true,
    fresh: values.fresh,
    onProgress: (event) => process.stderr.write(`${formatProgress(event)}\n`),
    signal: interrupt.signal,
  };
  try {
    if (values.prepare) await prepareLocalStack(options);
    else await run(options, interrupt.signal, values['write-env']);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('interrupted; everything that was started is stopped\n');
    process.exitCode = 130;
  }
}

async function run(options: LocalStackOptions, interrupt: AbortSignal, envFile: string | undefined): Promise<void> {
  const stack = await startLocalStack(options);
  const lines = `KAFKA_BROKERS=${stack.kafkaBrokers.join(',')}\nMONGODB_URI=${stack.mongodbUri}\n`;
  process.stdout.write(lines);
  if (envFile) {
    // Renamed into place: who waits for the file never reads half of it.
    writeFileSync(`${envFile}.new`, lines);
    renameSync(`${envFile}.new`, envFile);
  }
  if (!interrupt.aborted) {
    const stayUp = setInterval(() => undefined, 60_000);
    await new Promise<void>((resolve) => interrupt.addEventListener('abort', () => resolve(), { once: true }));
    clearInterval(stayUp);
  }
  await stack.stop();
}

function readBrokers(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3;
  throw new LocalStackError(`--brokers is '${text}'.`, 'It can be 1 or 3.');
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new LocalStackError(`--${name} is '${text}', which is no port.`, 'Give a number from 1 to 65535.');
}

try {
  await main();
} catch (error) {
  const known = error instanceof LocalStackError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
