import { randomMoment, type Scenario, untilProgress } from '../scenario.ts';

const LONGEST_DOWN_MS = 1500;
const LONGEST_UP_MS = 3000;
const PROGRESS = 500;

/** Between commits, amid one, and while it starts anew and recovers. */
export const killDatabase: Scenario = {
  name: 'kill-database',
  what: 'SIGKILL and restart of the database server on the same data',
  ownServers: true,
  async run(field) {
    const { mongodb } = field.rig.stack;
    await field.begin();
    await untilProgress(field, PROGRESS, 'before the first kill');
    while (!field.isOver()) {
      await randomMoment(field, 0, LONGEST_UP_MS);
      await mongodb.stop('SIGKILL');
      field.record.count('kill of the database server');
      await randomMoment(field, 0, LONGEST_DOWN_MS);
      await mongodb.start();
      await untilProgress(field, PROGRESS, 'after the database server came back');
    }
  },
};
