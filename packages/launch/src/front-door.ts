/** The public REST interface, as any integrator would use it. */
export class FrontDoor {
  private token: { text: string; expiresAtMs: number } | undefined;

  constructor(
    readonly address: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Waits for the whole to be ready but for what was not started; tells now and then what is missing. */
  async untilReady(
    onWaiting: (missing: string) => void,
    notStarted: readonly string[] = [],
    timeoutMs = 120_000,
  ): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let told = Date.now();
    for (;;) {
      const missing = await this.findMissing(notStarted);
      if (missing === undefined) return;
      this.signal.throwIfAborted();
      if (Date.now() > deadline)
        throw new Error(
          `Not ready after ${timeoutMs / 1000} s: ${missing}. The services' logs are in the data folder under logs/.`,
        );
      if (Date.now() - told > 5000) {
        told = Date.now();
        onWaiting(missing);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async findMissing(notStarted: readonly string[]): Promise<string | undefined> {
    try {
      const response = await fetch(`${this.address}/health/ready`, { signal: AbortSignal.timeout(3000) });
      if (response.ok) return undefined;
      const body = (await response.json()) as { checks?: Record<string, { ready?: boolean; detail?: string }> };
      const waiting = Object.entries(body.checks ?? {}).filter(
        ([name, check]) => !check.ready && !notStarted.includes(name),
      );
      if (waiting.length === 0 && notStarted.length > 0) return undefined;
      return waiting.map(([name, { detail }]) => (detail ? `${name} (${detail})` : name)).join(', ') || 'the services';
    } catch {
      return 'the front door';
    }
  }

  /** Sends JSON; passing failures (no answer, 5xx, 429) are tried again, since every item carries its own id. */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const failure = await this.attempt<T>(method, path, body);
      if ('answer' in failure) return failure.answer;
      if (!failure.passing || attempt >= 60) throw new Error(`${method} ${path}: ${failure.reason}`);
      this.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, Math.min(2000, 100 * attempt)));
    }
  }

  /** The answer, or undefined where there is none or it is a refusal; nothing is tried again. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    const found = await this.attempt<T>(method, path, body);
    return 'answer' in found ? found.answer : undefined;
  }

  /** Whether there is something at an address. */
  async exists(path: string): Promise<boolean> {
    const answer = await this.attempt('GET', path, undefined);
    return 'answer' in answer;
  }

  /** Deltas that the ledger has still to apply; absent while it does not answer. */
  async findLagRecords(): Promise<number | undefined> {
    try {
      const answer = await fetch(`${this.address}/metrics`, { signal: AbortSignal.timeout(3000) });
      const lags = [
        ...(await answer.text()).matchAll(/^shelfline_stream_lag_records\{.*service="inventory".*\} (\d+)$/gm),
      ];
      return lags.length === 0 ? undefined : lags.reduce((sum, [, records]) => sum + Number(records), 0);
    } catch {
      return undefined;
    }
  }

  private async attempt<T>(
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ answer: T } | { passing: boolean; reason: string }> {
    try {
      const response = await fetch(this.address + path, {
        method,
        headers: {
          authorization: `Bearer ${await this.currentToken()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(60_000)]),
      });
      if (response.ok) return { answer: (await response.json()) as T };
      const reason = `${response.status} ${(await response.text()).slice(0, 500)}`;
      return { passing: response.status >= 500 || response.status === 429, reason };
    } catch (error) {
      this.signal.throwIfAborted();
      return { passing: true, reason: (error as Error).message };
    }
  }

  private async currentToken(): Promise<string> {
    if (this.token && this.token.expiresAtMs > Date.now()) return this.token.text;
    const response = await fetch(`${this.address}/api/auth/dev-token?role=ops`, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`no development token: ${response.status}`);
    const { token } = (await response.json()) as { token: string };
    this.token = { text: token, expiresAtMs: Date.now() + 5 * 60_000 };
    return token;
  }
}
