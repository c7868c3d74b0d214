import type { SeededRandom } from '../seeded-random.ts';
import type { Machine } from './machine.ts';
import type { Struck } from './strikes.ts';

/** How ill a server is just now; changed by the faults of a history. */
export interface ServerHealth {
  /** Of requests that are not done, of answers that are lost though the request was done, of transactions aborted. */
  failing: number;
  losingAnswers: number;
  aborting: number;
  /** Of transactions that hold more than one thing, how many are too large. */
  cramping: number;
  /** Of the stored images that are to be forgotten, how many break it off. */
  tearing: number;
  /** Requests and answers take this many times as long. */
  slowness: number;
}
export const healthy = (): ServerHealth => ({
  failing: 0,
  losingAnswers: 0,
  aborting: 0,
  cramping: 0,
  tearing: 0,
  slowness: 1,
});

export const networkError = (): Error =>
  Object.assign(new Error('connection reset by the simulator'), { name: 'MongoNetworkError' });
const abortedError = (): Error =>
  Object.assign(new Error('write conflict, by the simulator'), { name: 'MongoServerError', code: 112 });

/** Not asked of a server: the caller works it out. */
const OWN_WORK = new Set(['layOut']);

export interface RemoteOptions {
  readonly server: 'database' | 'broker' | 'disk';
  readonly machine: Machine;
  readonly random: SeededRandom;
  readonly health: ServerHealth;
  readonly trace: (what: string) => void;
  readonly struck: Struck;
}

/**
 * An object in memory as a server far away: each call takes time both ways, may fail before it is done, and may be done
 * without the caller ever hearing of it.
 */
export function remote<T extends object>(
  target: T,
  { server, machine, random, health, trace, struck }: RemoteOptions,
): T {
  const call = async (name: string, method: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> => {
    await machine.step();
    await machine.travel(health.slowness);
    if (health.slowness > 1) struck(`${server} is slow`);
    if (random.chance(health.failing)) {
      struck(`${server} does not do it`);
      trace(`${machine.name} ${name} fails`);
      await machine.turn();
      throw networkError();
    }
    if (name === 'commit' && random.chance(health.aborting)) {
      struck('write conflict');
      await machine.turn();
      throw abortedError();
    }
    const answer = await method.apply(target, args);
    trace(`${machine.name} ${name}`);
    await machine.travel(health.slowness);
    await machine.step();
    if (random.chance(health.losingAnswers)) {
      struck(name === 'commit' ? 'reply of a commit is lost' : `${server} loses its answer`);
      trace(`${machine.name} ${name} loses its answer`);
      throw networkError();
    }
    return answer;
  };
  const calls = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy(target, {
    get(_, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function' || typeof name !== 'string' || OWN_WORK.has(name)) return member;
      let far = calls.get(name);
      if (!far) calls.set(name, (far = (...args) => call(name, member as (...args: unknown[]) => unknown, args)));
      return far;
    },
  });
}
