import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own lines in the service's log. What it says of routes and modules at the start is detail, so `debug`. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug(fieldsOf(message, rest), textOf(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug(fieldsOf(message, rest), textOf(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.target.debug(fieldsOf(message, rest), textOf(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn(fieldsOf(message, rest), textOf(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.target.error(fieldsOf(message, rest), textOf(message));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.target.fatal(fieldsOf(message, rest), textOf(message));
  }
}

const textOf = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/** Nest passes the name of the part that speaks as its last argument, an error's stack before it. */
function fieldsOf(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
  const part = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return {
    ...(typeof part === 'string' ? { part } : {}),
    ...(message instanceof Error ? { err: message } : typeof stack === 'string' ? { stack } : {}),
  };
}
