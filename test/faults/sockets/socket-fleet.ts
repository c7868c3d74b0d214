import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ConnectOrder, LoaderOrder, LoaderReport } from './loader-messages.ts';

/** Sockets in a process of their own, so that neither the rig nor other sockets wait for them. */
export class SocketFleet {
  readonly sockets: number;
  private readonly child: ChildProcess;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(sockets: number) {
    this.sockets = sockets;
    this.child = fork(join(import.meta.dirname, 'socket-loader.ts'));
  }

  static async start(order: Omit<ConnectOrder, 'type'>): Promise<SocketFleet> {
    const fleet = new SocketFleet(order.sockets);
    await fleet.tell({ type: 'connect', ...order });
    return fleet;
  }

  /** One order after another: each is answered by one report. */
  tell(order: LoaderOrder): Promise<LoaderReport> {
    const answer = this.last.then(() => this.ask(order));
    this.last = answer.catch(() => {});
    return answer;
  }

  async areAllSubscribed(): Promise<boolean> {
    return (await this.tell({ type: 'report' })).subscribed === this.sockets;
  }

  stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  private ask(order: LoaderOrder): Promise<LoaderReport> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`the process of ${this.sockets} sockets ended`));
      child.once('exit', onExit);
      child.once('message', (report) => {
        child.off('exit', onExit);
        resolve(report as LoaderReport);
      });
      child.send(order);
    });
  }
}
