import { describe, expect, it } from '@jest/globals';
import { type Confirmed, confirmationOf, JointRequests, type PartAnswer, type RequestPart } from './joint-requests.js';
import { recordsIn } from './records-to-send.js';

const part = (topic: string, partition: number, key = 'k'): RequestPart => ({
  topic,
  partition,
  records: [{ key, value: 'v' }],
});
const confirm = ({ topic, partition }: RequestPart, offset: number): PartAnswer => ({
  topicName: topic,
  partition,
  errorCode: 0,
  baseOffset: String(offset),
  logAppendTime: '99',
});
const offsetsOf = (confirmed: readonly Confirmed[]) => confirmed.map(({ offset }) => offset);

/** Brokers that answer a shared request as told, and any request alone with offset 1,000 + partition. */
function given(answer: (parts: readonly RequestPart[]) => readonly PartAnswer[]) {
  const shared: string[][] = [];
  const alone: string[] = [];
  const flushes: (() => void)[] = [];
  const name = ({ topic, partition }: RequestPart) => `${topic}/${partition}`;
  const joint = new JointRequests({
    request: (parts) => {
      shared.push(parts.map(name));
      return new Promise((resolve) => resolve(answer(parts)));
    },
    alone: (one) => {
      alone.push(name(one));
      return recordsIn(one.records)[0]!.key === 'hopeless'
        ? Promise.reject(new Error(`${name(one)} refused`))
        : Promise.resolve({ offset: 1000 + one.partition, appendedAtMs: 7 });
    },
    soon: (flush) => flushes.push(flush),
    after: () => () => {},
  });
  const turn = () => {
    for (const flush of flushes.splice(0)) flush();
  };
  return { joint, shared, alone, turn };
}

/** Brokers that answer when they are told to. */
function givenSlow() {
  const underWay: { names: string[]; answer: () => void }[] = [];
  const turns: (() => void)[] = [];
  const patience = new Set<() => void>();
  const held = (parts: readonly RequestPart[]) =>
    new Promise<void>((answer) => {
      underWay.push({ names: parts.map(({ topic, partition }) => `${topic}/${partition}`), answer });
    });
  const joint = new JointRequests({
    request: (parts) => held(parts).then(() => parts.map((one) => confirm(one, 7))),
    alone: (one) => held([one]).then(() => ({ offset: 7, appendedAtMs: 7 })),
    soon: (flush) => turns.push(flush),
    after: (_, flush) => {
      patience.add(flush);
      return () => patience.delete(flush);
    },
  });
  const turn = async () => {
    // What an answer leads to is asked for within its turn.
    for (let i = 0; i < 8; i++) await Promise.resolve();
    for (const flush of turns.splice(0)) flush();
  };
  const losePatience = () => {
    for (const flush of patience) flush();
  };
  const send = (partition: number, bytes = 10) => void joint.send(part('t', partition), bytes);
  return { send, turn, losePatience, underWay, names: () => underWay.map(({ names }) => names.join(' ')) };
}

describe('JointRequests', () => {
  it('sends what is pushed in one turn as one request, each answered with its own offset', async () => {
    const { joint, shared, alone, turn } = given((parts) => parts.map((one, i) => confirm(one, 10 * i)));
    const sends = [
      joint.send(part('levels', 1), 10),
      joint.send(part('levels', 2), 10),
      joint.send(part('moves', 1), 10),
    ];
    turn();
    expect(offsetsOf(await Promise.all(sends))).toEqual([0, 10, 20]);
    expect(shared).toEqual([['levels/1', 'levels/2', 'moves/1']]);
    expect(alone).toEqual([]);
  });

  it('sends alone what stands alone', async () => {
    const { joint, shared, alone, turn } = given(() => []);
    const send = joint.send(part('levels', 3), 10);
    turn();
    expect(await send).toEqual({ offset: 1003, appendedAtMs: 7 });
    expect([shared, alone]).toEqual([[], ['levels/3']]);
  });

  it.each<[string, (parts: readonly RequestPart[]) => readonly PartAnswer[]]>([
    ['that the answer passes over, as kafkajs does when its leader has moved', ([first]) => [confirm(first!, 5)]],
    ['that is answered with an error', ([a, b]) => [confirm(a!, 5), { ...confirm(b!, 6), errorCode: 6 }]],
    ['that is answered without an offset', ([a, b]) => [confirm(a!, 5), { ...confirm(b!, 6), baseOffset: undefined }]],
    ['that is answered with offset -1', ([a, b]) => [confirm(a!, 5), confirm(b!, -1)]],
    ['that is answered twice', ([a, b]) => [confirm(a!, 5), confirm(b!, 6), confirm(b!, 9)]],
  ])('does not take for sent a part %s: it goes again, alone', async (_, answer) => {
    const { joint, alone, turn } = given(answer);
    const sends = [joint.send(part('t', 1), 10), joint.send(part('t', 2), 10)];
    turn();
    expect(offsetsOf(await Promise.all(sends))).toEqual([5, 1002]);
    expect(alone).toEqual(['t/2']);
  });

  it('lets one hopeless part fail alone when the shared request fails', async () => {
    const { joint, turn } = given(() => {
      throw new Error('a leader is gone');
    });
    const sends = [
      joint.send(part('t', 1), 10),
      joint.send(part('t', 2, 'hopeless'), 10),
      joint.send(part('t', 3), 10),
    ];
    turn();
    const settled = await Promise.allSettled(sends);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('begins another request where one would become too large', async () => {
    const { joint, shared, turn } = given((parts) => parts.map((one) => confirm(one, 1)));
    const sends = [1, 2, 3, 4].map((partition) => joint.send(part('t', partition), 900_000));
    turn();
    await Promise.all(sends);
    expect(shared).toEqual([
      ['t/1', 't/2'],
      ['t/3', 't/4'],
    ]);
  });
});

describe('little that comes while a request is under way', () => {
  it('waits for it, and shares the next one', async () => {
    const { send, turn, underWay, names } = givenSlow();
    send(1);
    await turn();
    send(2);
    await turn();
    send(3);
    await turn();
    expect(names()).toEqual(['t/1']);
    underWay[0]!.answer();
    await turn();
    // It is gathered until the turn after the answer is over: whoever heard it may send once more.
    await turn();
    expect(names()).toEqual(['t/1', 't/2 t/3']);
  });

  it('does not wait for it longer than a moment, and for the same one only once', async () => {
    const { send, turn, losePatience, names } = givenSlow();
    send(1);
    await turn();
    send(2);
    await turn();
    losePatience();
    expect(names()).toEqual(['t/1', 't/2']);
    send(3);
    await turn();
    expect(names()).toEqual(['t/1', 't/2']);
  });

  it('waits no more once the newest request is answered, though an older one is silent', async () => {
    const { send, turn, losePatience, underWay, names } = givenSlow();
    send(1);
    await turn();
    send(2);
    await turn();
    losePatience();
    underWay[1]!.answer();
    await turn();
    send(3);
    await turn();
    expect(names()).toEqual(['t/1', 't/2', 't/3']);
  });

  it('goes at once where it is much', async () => {
    const { send, turn, names } = givenSlow();
    send(1);
    await turn();
    send(2, 100_000);
    await turn();
    expect(names()).toEqual(['t/1', 't/2']);
  });
});

describe('confirmationOf', () => {
  it('asks for exactly this topic and partition', () => {
    const answers = [confirm(part('t', 1), 4), confirm(part('u', 2), 5)];
    expect(confirmationOf(answers, part('t', 1))).toEqual({ offset: 4, appendedAtMs: 99 });
    expect(confirmationOf(answers, part('t', 2))).toBeUndefined();
    expect(confirmationOf(answers, part('u', 1))).toBeUndefined();
  });
});
