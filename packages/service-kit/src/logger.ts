import pino, { type Logger } from 'pino';
import { currentTraceId } from './tracing.js';

export type { Logger };

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
  readonly format: 'json' | 'pretty';
}

/** Whatever may carry a credential is taken out, wherever it is logged. */
export const REDACTED_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  'authorization',
  'token',
  '*.token',
  'password',
  '*.password',
];

export function createLogger({ name, level, format }: LoggerOptions): Logger {
  return pino({
    name,
    level,
    redact: { paths: REDACTED_PATHS, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const traceId = currentTraceId();
      return traceId ? { traceId } : {};
    },
    ...(format === 'pretty' ? { transport: { target: 'pino-pretty', options: { singleLine: true } } } : {}),
  });
}
