import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePorts } from '@shelfline/local-stack/free-port';
import { type LocalStack, refuseIfInUse, startLocalStack } from '@shelfline/local-stack/local-stack';
import { formatProgress } from '@shelfline/local-stack/progress';
import { writeDevKeyFiles } from '@shelfline/service-kit/auth';
import pc from 'picocolors';
import { checkTillFile } from './check-till-file.js';
import { openDataFolder, removeServers, writeServers } from './data-folder.js';
import { FrontDoor } from './front-door.js';
import { requireFrontPort } from './front-port.js';
import {
  type LaunchOptions,
  parseOptions,
  refuseSwallowedOptions,
  SERVICE_NAMES,
  type ServiceName,
  UsageError,
} from './options.js';
import { Screen } from './progress.js';
import { runSample } from './sample.js';
import { ServerKeeper } from './server-keeper.js';
import { servicesToRun } from './services.js';
import { Supervisor } from './supervisor.js';
import { TillFileError } from './till-lines.js';
import { keepTrackingKey } from './tracking-key.js';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const screen = new Screen();
const stopping = new AbortController();
let starting: Promise<LocalStack> | undefined;
let supervisor: Supervisor | undefined;
let stopped: Promise<void> | undefined;

/** Services first, servers last: what was begun is finished and stored. */
function stopAll(): Promise<void> {
  stopped ??= (async () => {
    stopping.abort();
    if (!starting) return;
    await supervisor?.stop();
    // Where it is still starting, the signal ends that; what had started already is stopped with it.
    const stack = await starting.catch(() => undefined);
    await stack?.stop();
    screen.say('everything is stopped; the data is kept');
  })();
  return stopped;
}

async function portsFor(options: LaunchOptions): Promise<Record<ServiceName, number>> {
  await requireFrontPort(options.port);
  const free = await findFreePorts(SERVICE_NAMES.length);
  const ports = Object.fromEntries(SERVICE_NAMES.map((name, i) => [name, free[i]!])) as Record<ServiceName, number>;
  return { ...ports, gateway: options.port };
}

async function start(options: LaunchOptions): Promise<void> {
  if (options.replay !== 'none' && options.replay !== 'sample') await checkTillFile(options.replay);
  const ports = await portsFor(options);
  // Before the folder is emptied: it may be another start's.
  await refuseIfInUse({ purpose: 'start', dataFolder: join(resolve(options.dataFolder), 'servers') });
  const dataFolder = openDataFolder(options.dataFolder, options.fresh);
  const keeper = new ServerKeeper({ say: (line) => screen.say(pc.yellow(line)), signal: stopping.signal });
  starting = startLocalStack({
    purpose: 'start',
    dataFolder: join(dataFolder, 'servers'),
    keepData: true,
    fresh: options.fresh,
    signal: stopping.signal,
    onProgress: (event) => {
      if (event.kind !== 'exited' || !keeper.exited(event)) screen.say(formatProgress(event));
    },
  });
  const stack = await starting;
  keeper.keep(stack);
  const { kafkaBrokers, mongodbUri } = stack;
  const serversFile = writeServers(dataFolder, { kafkaBrokers, mongodbUri });
  process.once('exit', () => removeServers(dataFolder));
  const keys = await writeDevKeyFiles(join(dataFolder, 'keys'));
  stopping.signal.throwIfAborted();
  supervisor = new Supervisor(join(dataFolder, 'logs'), (line) => screen.say(pc.yellow(line)));
  const services = servicesToRun(options.services, {
    checkout,
    dataFolder,
    kafkaBrokers,
    mongodbUri,
    keyFiles: keys,
    trackingKeys: keepTrackingKey(join(dataFolder, 'keys')),
    ports,
  });
  screen.say(`starting ${services.map(({ name }) => name).join(', ')}…`);
  for (const service of services) supervisor.start(service);
  if (!options.services.includes('gateway')) {
    screen.say('no gateway was asked for, so there is no address to open and nothing is replayed');
    return;
  }
  const door = new FrontDoor(`http://127.0.0.1:${options.port}`, stopping.signal);
  const notStarted = SERVICE_NAMES.filter((name) => !options.services.includes(name));
  await door.untilReady((missing) => screen.say(`waiting for ${missing}`), notStarted);
  screen.say(pc.bold(pc.green(`Shelfline is up: open ${door.address}`)));
  screen.say(`addresses of Kafka and MongoDB, for the operators' commands: ${relative(process.cwd(), serversFile)}`);
  if (notStarted.length > 0) {
    screen.say(
      `${notStarted.join(', ')} were not asked for: what they do is answered with 503, and nothing is replayed`,
    );
    return;
  }
  await runSample({ door, options, dataFolder, checkout, screen, signal: stopping.signal });
}

async function main(): Promise<void> {
  refuseSwallowedOptions(process.env, process.argv.slice(2));
  const options = parseOptions(process.argv.slice(2), join(checkout, '.shelfline'));
  if (options === 'help') {
    console.log(readFileSync(new URL('../help.txt', import.meta.url), 'utf8').trimEnd());
    return;
  }
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      asked++;
      if (asked === 1) screen.say('stopping (services first, then their servers)…');
      void stopAll().then(() => process.exit(0));
    });
  await start(options);
}

try {
  await main();
} catch (error) {
  if (!stopping.signal.aborted) {
    const { message } = error as Error;
    const isUsage = error instanceof UsageError || error instanceof TillFileError;
    console.error(pc.red(isUsage ? message : `Shelfline could not go on: ${message}`));
    await stopAll();
    process.exit(isUsage ? 2 : 1);
  }
}
