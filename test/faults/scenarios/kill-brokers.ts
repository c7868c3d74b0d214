import { randomMoment, type Scenario, untilProgress } from '../scenario.ts';

const LONGEST_DOWN_MS = 1500;
const LONGEST_UP_MS = 1500;
const PROGRESS = 1500;

/** Every broker leads partitions and votes for the controller, which one of them is; so a round kills the controller too. */
export const killBrokers: Scenario = {
  name: 'kill-brokers',
  what: 'SIGKILL and restart of each of three Kafka brokers in turn',
  ownServers: true,
  async run(field) {
    const { kafka } = field.rig.stack;
    await field.begin();
    await untilProgress(field, PROGRESS, 'before the first kill');
    while (!field.isOver())
      for (const { id } of kafka.brokers) {
        if (field.isOver()) break;
        await kafka.stopBroker(id, 'SIGKILL');
        field.record.count(`kill of broker ${id}`);
        await untilProgress(field, PROGRESS, `while broker ${id} was down`);
        await randomMoment(field, 0, LONGEST_DOWN_MS);
        await kafka.startBroker(id);
        await untilProgress(field, PROGRESS, `after broker ${id} came back`);
        // Not until it has caught up everywhere: the next one may die before, which makes partitions wait, not lose.
        await randomMoment(field, 0, LONGEST_UP_MS);
      }
  },
};
