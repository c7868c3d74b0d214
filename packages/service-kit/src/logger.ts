import { AsyncLocalStorage } from 'node:async_hooks';
import pino, { type DestinationStream, type Logger } from 'pino';
import { prettyLines } from './pretty-lines.js';
import { currentTraceId } from './tracing.js';

export type { Logger };

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/** The request that is being answered where a line is written. */
export const requestScope = new AsyncLocalStorage<{ readonly requestId: string }>();

/** Whatever may carry a credential is taken out, wherever it is logged. */
export const REDACTED_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  'headers.cookie',
  'authorization',
  '*.authorization',
  'token',
  '*.token',
  'password',
  '*.password',
];

/** Lines are written at once, so the last one before a crash is not lost. */
export function createLogger({ name, level, format, destination = pino.destination(1) }: LoggerOptions): Logger {
  return pino(
    {
      name,
      level,
      redact: { paths: REDACTED_PATHS, censor: '[secret]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const traceId = currentTraceId();
        const scope = requestScope.getStore();
        return { ...scope, ...(traceId ? { traceId } : {}) };
      },
    },
    format === 'pretty' ? prettyLines(destination) : destination,
  );
}
