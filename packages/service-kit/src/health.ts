import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { Public } from './auth-decorators.js';

export interface CheckResult {
  readonly ready: boolean;
  readonly detail?: string;
}
export type Check = () => CheckResult | Promise<CheckResult>;

/** Ready = caught up and connected, so that it may be given work; live = not stuck, so that it need not be restarted. */
export class HealthRegistry {
  private readonly readiness = new Map<string, Check>();
  private readonly liveness = new Map<string, Check>();

  private lastReady = false;
  private checking: Promise<void> | undefined;

  addReadiness(name: string, check: Check): void {
    this.readiness.set(name, check);
  }
  addLiveness(name: string, check: Check): void {
    this.liveness.set(name, check);
  }
  /** The answer if it comes in time; otherwise the latest one there was, while the check goes on. */
  async readyBy(waitMs: number): Promise<boolean> {
    this.checking ??= this.ready().then((report) => {
      this.lastReady = report.ok;
      this.checking = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([this.checking, late]);
    clearTimeout(timer);
    return this.lastReady;
  }

  ready(): Promise<HealthReport> {
    return report(this.readiness);
  }
  live(): Promise<HealthReport> {
    return report(this.liveness);
  }
}
export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

const CHECK_LIMIT_MS = 2000;

async function report(checks: ReadonlyMap<string, Check>): Promise<HealthReport> {
  const results = await Promise.all([...checks].map(async ([name, check]) => [name, await runCheck(check)] as const));
  return { ok: results.every(([, { ready }]) => ready), checks: Object.fromEntries(results) };
}

async function runCheck(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ready: false, detail: `no answer in ${CHECK_LIMIT_MS} ms` }), CHECK_LIMIT_MS);
  });
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } catch (error) {
    return { ready: false, detail: (error as Error).message };
  } finally {
    clearTimeout(timer);
  }
}

/** The part of a Fastify reply that is used. */
interface Reply {
  status(code: number): Reply;
  send(body: unknown): unknown;
}

@Public()
@Controller('health')
export class HealthController {
  constructor(@Inject(HealthRegistry) private readonly health: HealthRegistry) {}

  @Get('live')
  async live(@Res() reply: Reply): Promise<void> {
    this.answer(reply, await this.health.live());
  }
  @Get('ready')
  async ready(@Res() reply: Reply): Promise<void> {
    this.answer(reply, await this.health.ready());
  }
  private answer(reply: Reply, { ok, checks }: HealthReport): void {
    reply.status(ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE).send({ status: ok ? 'ok' : 'not ready', checks });
  }
}
