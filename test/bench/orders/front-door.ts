import { Agent, request } from 'node:http';

/** REST through the gateway, as anybody calls it; fails on every answer that is not a success. */
export class FrontDoor {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1024 });
  private readonly address: string;
  private readonly token: string;

  constructor(address: string, token: string) {
    this.address = address;
    this.token = token;
  }

  readonly call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = {
        authorization: `Bearer ${this.token}`,
        ...(sent ? { 'content-type': 'application/json', 'content-length': sent.length } : {}),
      };
      const asked = request(this.address + path, { method, headers, agent: this.agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const { statusCode = 0 } = answer;
          if (statusCode >= 200 && statusCode < 300) resolve(JSON.parse(text) as T);
          else reject(new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`));
        });
      });
      asked.on('error', reject);
      asked.end(sent);
    });

  close(): void {
    this.agent.destroy();
  }
}
