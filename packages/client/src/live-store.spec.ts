import { describe, expect, it } from '@jest/globals';
import { LiveStore } from './live-store.js';
import type { StoreTask } from './task.js';
import { ManualClock, settled } from './testing/scripted-server.js';
import { ScriptedStore, task } from './testing/scripted-store.js';

function setUp({ canRenewToken = true } = {}) {
  const server = new ScriptedStore();
  const clock = new ManualClock();
  let ids = 0;
  const store = new LiveStore({
    openWire: server.openWire,
    clock,
    random: () => 0.5,
    canRenewToken,
    makeId: () => `id${++ids}`,
  });
  const heard: string[] = [];
  const names = (tasks: readonly StoreTask[]) => tasks.map(({ taskId, version }) => `${taskId}${version}`).join(' ');
  store.subscribe((tasks, { changed, closed }) => {
    heard.push(`${names(tasks)} | ${names(changed)} | ${names(closed)}`);
  });
  const open = () => names(store.tasks);
  return { server, clock, store, heard, open };
}
const refused = (code: string, extra: object = {}) => ({ ok: false, code, detail: 'No.', ...extra });
const done = { ok: true, id: 'id1', taskId: 'a', state: 'ACCEPTED', version: 9 };

describe('the open tasks of a store', () => {
  it('are the snapshot, then what each push changes', async () => {
    const { server, store, heard } = setUp();
    server.accept();
    expect(store.isComplete).toBe(false);
    server.page([task('a', 1), task('b', 2)]);
    expect(store.isComplete).toBe(true);
    server.push(task('a', 3));
    server.push(task('c', 4));
    server.closeTask(task('b', 2), 5);
    await settled();
    expect(heard.slice(0, 4)).toEqual(['a1 b2 | a1 b2 | ', 'a3 b2 | a3 | ', 'a3 b2 c4 | c4 | ', 'a3 c4 |  | b2']);
    expect([store.get('a')?.version, store.get('b')]).toEqual([3, undefined]);
  });

  it('never go back, and are told of once though a push comes again', () => {
    const { server, heard, open } = setUp();
    server.accept();
    server.page([task('a', 5)]);
    server.push(task('a', 4));
    server.push(task('a', 5));
    server.closeTask(task('a', 5), 4);
    expect([open(), heard.length]).toEqual(['a5', 1]);
    server.closeTask(task('a', 5), 6);
    server.closeTask(task('a', 5), 6);
    server.push(task('a', 5));
    expect([open(), heard.length]).toEqual(['', 2]);
    server.push(task('a', 7));
    expect(open()).toBe('a7');
  });

  it('stay to be seen while offline, and what closed meanwhile goes with the last page', async () => {
    const { server, clock, store, heard, open } = setUp();
    server.accept();
    server.page([task('a', 1), task('b', 2), task('c', 3)]);
    server.lose();
    expect([store.state, open()]).toEqual(['waiting', 'a1 b2 c3']);
    await clock.advance(60_000);
    server.accept();
    expect(store.isComplete).toBe(false);
    server.page([task('b', 4)], { last: false });
    server.push(task('d', 6));
    expect(open()).toBe('a1 b4 c3 d6');
    server.page([task('c', 3)], { last: true });
    expect([store.isComplete, open(), heard.at(-1)]).toEqual([true, 'b4 c3 d6', 'b4 c3 d6 |  | a1']);
    server.page([], { last: true });
    expect(open()).toBe('b4 c3 d6');
  });

  it('do not come back closed ones from an instance that lags', async () => {
    const { server, clock, open } = setUp();
    server.accept();
    server.page([task('a', 1)]);
    server.closeTask(task('a', 1), 5);
    server.lose();
    await clock.advance(60_000);
    server.accept();
    server.page([task('a', 4)]);
    expect(open()).toBe('');
  });

  it('are forgotten when the data was begun anew', async () => {
    const { server, clock, heard } = setUp();
    server.accept();
    server.page([task('a', 900), task('b', 901), task('c', 902)]);
    server.closeTask(task('c', 902), 903);
    server.lose();
    await clock.advance(60_000);
    server.accept();
    server.page([task('a', 1), task('c', 2)], { epoch: 'e2' });
    expect(heard.at(-1)).toBe('a1 c2 | a1 c2 | a900 b901');
  });

  it('are told to whoever asks later, until he has enough', async () => {
    const { server, store } = setUp();
    server.accept();
    server.page([]);
    const calls: number[] = [];
    const stop = store.subscribe((tasks) => calls.push(tasks.length));
    await settled();
    server.push(task('a', 1));
    stop();
    server.push(task('b', 2));
    expect(calls).toEqual([0, 1]);
  });
});

describe('what a store does', () => {
  it('goes out under its name with an id of its own, and brings the answer', async () => {
    const { server, store } = setUp();
    server.accept();
    const answers = [
      store.accept('a', { by: 'Wang' }),
      store.reject('a', 'damaged'),
      store.pick('a'),
      store.pack('a'),
      store.ready('a'),
      store.handOver('a', { code: '1234' }),
      store.ship('a', { tracking: 'SF1' }),
      store.deliver('a', { id: 'mine' }),
    ];
    expect(server.asked.map(({ event, body }) => [event, body])).toEqual([
      ['task:accept', { taskId: 'a', id: 'id1', by: 'Wang' }],
      ['task:reject', { taskId: 'a', id: 'id2', reason: 'damaged' }],
      ['task:pick', { taskId: 'a', id: 'id3' }],
      ['task:pack', { taskId: 'a', id: 'id4' }],
      ['task:ready', { taskId: 'a', id: 'id5' }],
      ['task:hand_over', { taskId: 'a', id: 'id6', code: '1234' }],
      ['task:ship', { taskId: 'a', id: 'id7', tracking: 'SF1' }],
      ['task:deliver', { taskId: 'a', id: 'mine' }],
    ]);
    for (const asked of server.asked) await asked.answer(done);
    expect(await Promise.all(answers)).toEqual(answers.map(() => done));
  });

  it('is asked again with the same id when no answer came, and not when it was refused', async () => {
    const { server, store, clock } = setUp();
    server.accept();
    const first = store.accept('a');
    await server.asked[0]!.answer(refused('no_answer', { retryAfterMs: 700 }));
    await clock.advance(700);
    await server.asked[1]!.answer(undefined);
    await clock.advance(1000);
    await server.asked[2]!.answer(done);
    expect(await first).toEqual(done);
    expect(server.asked.map(({ body }) => body['id'])).toEqual(['id1', 'id1', 'id1']);
    const second = store.pick('a');
    await server.asked[3]!.answer(refused('out_of_state'));
    expect(await second).toMatchObject({ code: 'out_of_state' });
  });

  it('says that it does not know after three times', async () => {
    const { server, store, clock } = setUp();
    server.accept();
    const answer = store.accept('a');
    for (let i = 0; i < 3; i++) {
      await server.asked[i]!.answer(undefined);
      await clock.advance(1000);
    }
    expect(await answer).toMatchObject({ ok: false, code: 'no_answer', id: 'id1' });
    expect(server.asked).toHaveLength(3);
  });

  it('is not sent while offline, and says so; what was under way says that it does not know', async () => {
    const { server, store, clock } = setUp();
    expect(await store.accept('a')).toMatchObject({ ok: false, code: 'offline' });
    server.accept();
    const under = store.accept('a');
    server.lose();
    await server.asked[0]!.answer(undefined);
    await clock.advance(1000);
    expect(await under).toMatchObject({ ok: false, code: 'no_answer', id: 'id2' });
    expect([store.state, server.asked.length]).toEqual(['connecting', 1]);
  });
});

describe('a store’s connection', () => {
  it('comes back with a new token, and says why it is not let in', async () => {
    const { server, store, clock } = setUp();
    const states: string[] = [];
    const problems: number[] = [];
    store.onState((state) => states.push(state));
    store.onProblem(({ status }) => problems.push(status));
    server.accept();
    server.lose(true);
    server.refuse({ type: 'urn:x', title: 'No', status: 429, detail: 'Too many screens.' });
    await clock.advance(60_000);
    server.accept();
    expect([server.connects, problems, states]).toEqual([
      3,
      [429],
      ['live', 'connecting', 'waiting', 'connecting', 'live'],
    ]);
    store.close();
    expect([server.isClosed, store.state]).toEqual([true, 'closed']);
  });

  it('stops when the token is not accepted and no other can be had', async () => {
    const { server, store, clock } = setUp({ canRenewToken: false });
    server.refuse({ type: 'urn:x', title: 'No', status: 403, detail: 'Another store.' });
    await clock.advance(60_000);
    expect([server.connects, store.state]).toEqual([1, 'refused']);
  });
});
