import { parseArgs } from 'node:util';
import { ONLINE_PERCENT } from './derived-orders.js';

export const SERVICE_NAMES = ['gateway', 'catalog', 'inventory', 'connect', 'orders'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface LaunchOptions {
  readonly fresh: boolean;
  /** `none`, `sample`, or a file of till lines (.csv, .csv.gz). */
  readonly replay: string;
  /** Times faster than the tills were; Infinity = as fast as it goes. */
  readonly speed: number;
  /** Of a hundred baskets, so many are ordered online instead of sold at the till. */
  readonly onlinePercent: number;
  /** Whether the sample's stores work off their orders by themselves. */
  readonly hasStaff: boolean;
  readonly port: number;
  readonly dataFolder: string;
  readonly services: readonly ServiceName[];
}

export class UsageError extends Error {}

const OPTIONS = {
  fresh: { type: 'boolean' },
  replay: { type: 'string' },
  speed: { type: 'string' },
  online: { type: 'string' },
  staff: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  services: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
const ALLOWED: Readonly<Record<Exclude<OptionName, 'fresh' | 'help'>, string>> = {
  replay: 'none, sample, or the path of a .csv or .csv.gz file of till lines',
  speed: 'a number above 0 (1 = as fast as the tills were, 4000 = eight weeks in 20 minutes), or max',
  online: 'a whole number from 0 (none) to 50',
  staff: 'demo, or none: then every order waits for a person at its store',
  port: 'a whole number from 1 to 65535',
  data: 'a folder',
  services: `some of ${SERVICE_NAMES.join(',')}, with commas between them`,
};
const SEE_HELP = 'All options: npm start -- --help';

export function parseOptions(args: readonly string[], defaultDataFolder: string): LaunchOptions | 'help' {
  const values = readFlags(args);
  if (values.help) return 'help';
  const port = Number(values.port ?? '8080');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw notAllowed('port', values.port);
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : Number(values.speed ?? '4000');
  if (!(speed > 0) || (speed === Number.POSITIVE_INFINITY && values.speed !== 'max'))
    throw notAllowed('speed', values.speed);
  const onlinePercent = Number(values.online ?? ONLINE_PERCENT);
  if (!Number.isInteger(onlinePercent) || onlinePercent < 0 || onlinePercent > 50)
    throw notAllowed('online', values.online);
  const staff = values.staff ?? 'demo';
  if (staff !== 'demo' && staff !== 'none') throw notAllowed('staff', staff);
  const services = (values.services ?? SERVICE_NAMES.join(',')).split(',').map((name) => name.trim());
  for (const name of services)
    if (!(SERVICE_NAMES as readonly string[]).includes(name))
      throw new UsageError(
        `--services ${values.services}: there is no service '${name}'. Allowed: ${ALLOWED.services}.\n${SEE_HELP}`,
      );
  return {
    fresh: values.fresh ?? false,
    replay: values.replay ?? 'sample',
    speed,
    onlinePercent,
    hasStaff: staff === 'demo',
    port,
    dataFolder: values.data ?? defaultDataFolder,
    services: services as ServiceName[],
  };
}

const notAllowed = (option: keyof typeof ALLOWED, value: string | undefined): UsageError =>
  new UsageError(`--${option} ${value}: not understood. Allowed: ${ALLOWED[option]}.\n${SEE_HELP}`);

type Flags = { -readonly [name in OptionName]?: (typeof OPTIONS)[name]['type'] extends 'boolean' ? boolean : string };

/** Read leniently and checked here: the strict parser's own words do not say what is allowed. */
function readFlags(args: readonly string[]): Flags {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const flags: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw new UsageError(
        `${token.value}: options begin with --, and npm passes them on only after a -- of its own, as in npm start -- --speed 100.\n${SEE_HELP}`,
      );
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name))
      throw new UsageError(
        `${rawName}: there is no such option. There are: ${OPTION_NAMES.map((each) => `--${each}`).join(', ')}.\n${SEE_HELP}`,
      );
    if (OPTIONS[name].type === 'boolean') {
      if (value !== undefined) throw new UsageError(`${rawName}=${value}: this option takes no value.\n${SEE_HELP}`);
      flags[name] = true;
      continue;
    }
    if (value === undefined || value === '' || value.startsWith('--'))
      throw new UsageError(
        `${rawName} needs a value: ${ALLOWED[name as keyof typeof ALLOWED]}.${value ? ` '${value}' is none.` : ''}\n${SEE_HELP}`,
      );
    flags[name] = value;
  }
  return flags as Flags;
}

const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** Without a `--` of its own npm takes options for itself, says so in passing, and hands on their values at most. */
export function refuseSwallowedOptions(env: NodeJS.ProcessEnv, args: readonly string[]): void {
  const values = args.filter((arg) => !arg.startsWith('-'));
  const swallowed = (['replay', 'speed', 'online', 'staff', 'port', 'services', 'fresh'] as const).flatMap((name) => {
    const kept = env[`npm_config_${name}`];
    if (kept === undefined) return [];
    if (name === 'fresh') return ['--fresh'];
    return [`--${name} ${kept === 'true' || kept === '' ? (values.shift() ?? '…') : kept}`];
  });
  if (swallowed.length > 0)
    throw new UsageError(
      `npm kept an option for itself, so nothing was started. Write a -- before the options: npm start -- ${swallowed.join(' ')}`,
    );
}
