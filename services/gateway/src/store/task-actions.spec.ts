import { describe, expect, it } from '@jest/globals';
import { TaskStep } from '@shelfline/contracts/order';
import { TaskAnswer } from '@shelfline/contracts/store-protocol';
import { taskOf } from '../testing/store-tasks.js';
import { type OrdersPort, SOURCE } from './orders-client.js';
import { TaskActions } from './task-actions.js';

type Outcome = Awaited<ReturnType<OrdersPort['ask']>>;
const outcome = (fields: object) =>
  ({ id: 'A/r1', source: SOURCE, orderId: 'o1', result: 'applied', version: 9, ...fields }) as Outcome;

function actionsOf(answer: Outcome = outcome({ taskState: 'ACCEPTED' })) {
  const asked: object[] = [];
  const actions = new TaskActions({
    find: (store, taskId) => (store === 'A' && taskId === 'o1/1' ? taskOf('o1/1', 1) : undefined),
    orders: {
      ask: (step) => {
        asked.push(step);
        return Promise.resolve(answer);
      },
    },
    makeId: () => 'made',
  });
  return { actions, asked };
}

describe('what a store does', () => {
  it('goes to the order as a step of this store and comes back with the new state', async () => {
    const { actions, asked } = actionsOf();
    const answer = await actions.act('A', 'accept', { taskId: 'o1/1', id: 'r1', by: 'Wang' });
    expect(answer).toEqual({ ok: true, id: 'r1', taskId: 'o1/1', state: 'ACCEPTED', version: 9 });
    const step = { id: 'A/r1', orderId: 'o1', taskId: 'o1/1', store: 'A', action: 'accept', by: 'Wang' };
    expect(asked).toEqual([step]);
    expect(TaskStep.safeParse({ ...step, type: 'task', source: SOURCE }).success).toBe(true);
  });

  it('gets an id where the store named none, which the answer tells', async () => {
    const { actions, asked } = actionsOf();
    expect(await actions.act('A', 'pick', { taskId: 'o1/1' })).toMatchObject({ ok: true, id: 'made' });
    expect(asked).toMatchObject([{ id: 'A/made', action: 'pick' }]);
  });

  it('is refused in the same words whether there is no such task or it is another store’s, and nothing is sent', async () => {
    const { actions, asked } = actionsOf();
    const missing = await actions.act('A', 'accept', { taskId: 'o9/1', id: 'r1' });
    const foreign = await actions.act('B', 'accept', { taskId: 'o1/1', id: 'r1' });
    const wordsOf = (answer: TaskAnswer) =>
      answer.ok ? '' : `${answer.code} ${answer.detail.replaceAll(/^[AB]|o\d\/1/g, '_')}`;
    expect(missing).toMatchObject({ ok: false, code: 'not_found' });
    expect(wordsOf(foreign)).toBe(wordsOf(missing));
    expect(asked).toEqual([]);
  });

  it('says in the same words that the order knows no such task', async () => {
    const here = await actionsOf().actions.act('A', 'accept', { taskId: 'o9/1', id: 'r1' });
    const unknown = outcome({ result: 'refused', errors: [{ field: 'taskId', code: 'unknown_task', detail: 'x' }] });
    const there = await actionsOf(unknown).actions.act('A', 'accept', { taskId: 'o1/1', id: 'r1' });
    expect(JSON.stringify(there)).toBe(JSON.stringify(here).replace('o9/1', 'o1/1'));
  });

  it('is refused with what is allowed instead', async () => {
    const errors = [{ field: 'action', code: 'out_of_state', detail: 'a task that is PACKED cannot pick' }];
    const { actions } = actionsOf(outcome({ result: 'refused', errors, allowed: ['ship'] }));
    expect(await actions.act('A', 'pick', { taskId: 'o1/1', id: 'r1' })).toEqual({
      ok: false,
      id: 'r1',
      code: 'out_of_state',
      detail: 'a task that is PACKED cannot pick',
      allowed: ['ship'],
    });
  });

  it.each([
    ['unsent', 'unavailable', 1000],
    [undefined, 'no_answer', 1000],
    ['conflict', 'conflict', undefined],
  ] as const)('says what to do when the answer is %s', async (answer, code, retryAfterMs) => {
    const actions = new TaskActions({
      find: () => taskOf('o1/1', 1),
      orders: { ask: () => Promise.resolve(answer) },
      makeId: () => 'made',
    });
    const said = await actions.act('A', 'accept', { taskId: 'o1/1' });
    expect(said).toMatchObject({ ok: false, code, id: 'made' });
    expect(said).toEqual(expect.objectContaining(retryAfterMs ? { retryAfterMs } : { code }));
    expect(TaskAnswer.safeParse(said).success).toBe(true);
  });

  it.each([
    [undefined],
    [null],
    ['o1/1'],
    [[]],
    [{}],
    [{ taskId: 7 }],
    [{ taskId: 'o1/1', id: 'x'.repeat(61) }],
    [{ taskId: 'o1/1', id: '' }],
    [{ taskId: 'o1/1', reason: 'x'.repeat(201) }],
    [{ taskId: 'o1/1', action: 'ship' }],
  ])('is invalid as %j', async (body) => {
    const { actions, asked } = actionsOf();
    expect(await actions.act('A', 'accept', body)).toMatchObject({ ok: false, code: 'invalid' });
    expect(asked).toEqual([]);
  });
});
