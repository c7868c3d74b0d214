import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { KnownPaths } from './known-paths.js';
import type { Logger } from './logger.js';
import { ProblemError, problem, toProblem } from './problem.js';

interface Request {
  readonly id: string;
  readonly method: string;
  readonly url: string;
}
interface Reply {
  readonly sent: boolean;
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): unknown;
}

/** Every error leaves as Problem Details; what nobody expected is logged and shown without its insides. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly bodyLimitBytes: number,
    private readonly paths: KnownPaths,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const reply = http.getResponse<Reply>();
    const methods = error instanceof NotFoundException ? this.paths.methodsOf(request.url) : [];
    const isOtherMethod = methods.length > 0 && !methods.includes(request.method);
    if (isOtherMethod) reply.header('allow', methods.join(', '));
    const details = toProblem(isOtherMethod ? otherMethod(request.method, methods) : error);
    const { status } = details;
    if (status >= 500)
      this.log.error({ err: error, requestId: request.id, method: request.method }, 'a request could not be answered');
    if (reply.sent) return;
    if (status === 503 || status === 429) reply.header('retry-after', '2');
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="shelfline"');
    reply
      .status(status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send({
        ...details,
        ...(status === 413 && !(error instanceof ProblemError) ? { limitBytes: this.bodyLimitBytes } : {}),
        // Lets whoever reports the failure name the line in the log.
        ...(status >= 500 ? { requestId: request.id } : {}),
      });
  }
}

const otherMethod = (method: string, methods: readonly string[]): ProblemError =>
  problem(
    405,
    'method-not-allowed',
    'This address does not take that method',
    `It takes ${methods.join(', ')}, not ${method}; nothing was done. The API documentation is at /docs.`,
  );
