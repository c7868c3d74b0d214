import { hostname } from 'node:os';
import { inspect } from 'node:util';
import { z } from 'zod';

/** A value that is never printed: logs, errors and inspection show `[secret]`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** Marks a variable as secret: read as `Secret`, never shown. */
export const secret = <T extends z.ZodType<string>>(schema: T) =>
  schema.transform((value) => new Secret(value)).meta({ secret: true });

export const port = z.coerce.number().int().min(0).max(65_535);
export const milliseconds = z.coerce.number().int().min(0);

const BROKERS = /^\s*[^\s,:]+:\d{1,5}\s*(?:,\s*[^\s,:]+:\d{1,5}\s*)*$/;

/** What every service reads. */
export const commonConfig = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: port.default(0).describe('Port to listen on'),
  KAFKA_BROKERS: z
    .string()
    .regex(BROKERS, { error: 'is not a list of host:port with commas between' })
    .transform((list) => list.split(',').map((address) => address.trim()))
    .describe('Kafka brokers, host:port, comma between'),
  MONGODB_URI: secret(
    z.string().regex(/^mongodb(\+srv)?:\/\//, { error: 'starts with mongodb:// or mongodb+srv://' }),
  ).describe('MongoDB address'),
  MONGODB_DATABASE: z.string().min(1).max(60).describe('Database of this service; no other service uses it'),
  TOPIC_PREFIX: z.string().max(60).default('').describe('Put before every topic and group name'),
  TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(1000).default(12).describe('Partitions of topics that are made'),
  TOPIC_REPLICATION: z.coerce.number().int().min(1).max(9).default(1).describe('Replicas of topics that are made'),
  GROUP_SESSION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(6000)
    .default(10_000)
    .describe('A silent instance loses its partitions after this'),
  INSTANCE_ID: z
    .string()
    .default(`${hostname()}-${process.pid}`)
    .meta({ defaultText: 'host-pid', description: 'Name of this process in logs and client ids' }),
  SHELFLINE_MODE: z
    .enum(['development', 'production'])
    .default('production')
    .describe('development allows tokens for everybody'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('Least severe line that is logged'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json').describe('Shape of log lines'),
  AUTH_JWKS_URL: z.url().optional().describe('Where public keys of the token issuer are fetched'),
  AUTH_JWKS_FILE: z.string().optional().describe('File with public keys, instead of AUTH_JWKS_URL'),
  AUTH_ISSUER: z.string().default('shelfline-dev').describe('`iss` a token must carry'),
  AUTH_AUDIENCE: z.string().default('shelfline').describe('`aud` a token must carry'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('Where traces are sent; none are made unless set'),
  SHUTDOWN_TIMEOUT_MS: milliseconds.default(20_000).describe('A stop that takes longer ends the process'),
} as const;
export const CommonConfig = z.object(commonConfig);
export type CommonConfig = z.infer<typeof CommonConfig>;

/** Its message is for people as it stands; a stack would only bury it. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
    this.stack = `ConfigError: ${message}`;
  }
}

/** Reads and checks the environment; every mistake is named at once, no value is shown. An empty variable is unset. */
export function loadConfig<T extends z.ZodObject>(
  schema: T,
  env: NodeJS.ProcessEnv = process.env,
): Readonly<z.output<T>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) =>
      env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]],
    ),
  );
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    const field = schema.shape[name] as z.ZodType | undefined;
    const description = field && notesOf(field).description;
    const what = given[name] === undefined ? 'is not set' : message;
    return `  ${name}: ${what}${description ? ` (${description})` : ''}`;
  });
  throw new ConfigError(
    `The configuration is not usable, so nothing was started. Set these environment variables:\n${lines.join('\n')}`,
  );
}

interface Notes {
  readonly description?: string;
  readonly secret?: boolean;
  readonly defaultText?: string;
}

/** What was noted on a schema or on what it wraps (`optional`, `default`, `transform`); the outermost note wins. */
function notesOf(schema: z.ZodType): Notes {
  const { innerType, in: input } = schema.def as { innerType?: z.ZodType; in?: z.ZodType };
  const within = innerType ?? input;
  return { ...(within ? notesOf(within) : {}), ...(schema.meta() as Notes | undefined) };
}

export interface VariableDescription {
  readonly name: string;
  readonly default: string | undefined;
  readonly required: boolean;
  readonly secret: boolean;
  readonly description: string;
}

/** For the table of variables in the docs. */
export function describeConfig(schema: z.ZodObject): VariableDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const notes = notesOf(type);
    const unset = type.safeParse(undefined);
    return {
      name,
      default: notes.defaultText ?? (unset.success ? textOf(unset.data) : undefined),
      required: !unset.success,
      secret: notes.secret === true,
      description: notes.description ?? '',
    };
  });
}

const textOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
