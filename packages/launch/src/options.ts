import { parseArgs } from 'node:util';

export const SERVICE_NAMES = ['gateway', 'catalog', 'inventory', 'connect'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface LaunchOptions {
  readonly fresh: boolean;
  /** `none`, `sample`, or a file of till lines (.csv, .csv.gz). */
  readonly replay: string;
  /** Times faster than the tills were; Infinity = as fast as it goes. */
  readonly speed: number;
  readonly port: number;
  readonly dataFolder: string;
  readonly services: readonly ServiceName[];
}

export const HELP = `Starts Shelfline on this machine: Kafka, a MongoDB-protocol server, every service, and a replay of real till lines.

  npm start -- [options]

  --replay none|sample|FILE   what to replay; FILE is a .csv or .csv.gz of till lines   (sample)
  --speed N|max               how many times faster than the tills were                 (4000: eight weeks in 20 minutes)
  --port P                    the address to open is http://127.0.0.1:P                 (8080)
  --data DIR                  where Kafka and MongoDB keep their data                   (.shelfline in this folder)
  --fresh                     begin anew: delete the data of earlier starts
  --services a,b              start only these: ${SERVICE_NAMES.join(', ')}
  --help                      this page

Set KAFKA_BROKERS and MONGODB_URI to use servers of your own. Ctrl-C stops everything this command started.`;

export class UsageError extends Error {}

export function parseOptions(args: readonly string[], defaultDataFolder: string): LaunchOptions | 'help' {
  const values = readFlags(args);
  if (values.help) return 'help';
  const port = Number(values.port ?? '8080');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError(`--port ${values.port}: a port is a whole number from 1 to 65535.`);
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : Number(values.speed ?? '4000');
  if (!(speed > 0)) throw new UsageError(`--speed ${values.speed}: give a number above 0, or max.`);
  const services = (values.services ?? SERVICE_NAMES.join(',')).split(',').map((name) => name.trim());
  for (const name of services)
    if (!(SERVICE_NAMES as readonly string[]).includes(name))
      throw new UsageError(`--services ${name}: there is no such service. There are: ${SERVICE_NAMES.join(', ')}.`);
  return {
    fresh: values.fresh ?? false,
    replay: values.replay ?? 'sample',
    speed,
    port,
    dataFolder: values.data ?? defaultDataFolder,
    services: services as ServiceName[],
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        fresh: { type: 'boolean' },
        replay: { type: 'string' },
        speed: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        services: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. See npm start -- --help.`);
  }
}
