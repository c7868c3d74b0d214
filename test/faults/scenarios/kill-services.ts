import { type FaultField, randomMoment, type Scenario, untilProgress } from '../scenario.ts';
import type { ServiceProcess } from '../service-process.ts';

const SHORTEST_MS = 200;
const LONGEST_MS = 4000;
/** The ledger is what must not be wrong; the others only lose answers. */
const VICTIMS = ['inventory', 'inventory', 'inventory', 'connect', 'gateway'];
const KILLS_IN_A_ROW = 5;
const PROGRESS = 500;

/** A killed member keeps its partitions until its session ends, so kills also meet starts and claims. */
export const killServices: Scenario = {
  name: 'kill-services',
  what: 'SIGKILL of inventory, connect and gateway at random moments, each restarted at once',
  ownServers: false,
  async run(field) {
    await field.begin();
    await untilProgress(field, PROGRESS, 'before the first kill');
    while (!field.isOver()) {
      for (let i = 0; i < KILLS_IN_A_ROW && !field.isOver(); i++) {
        await randomMoment(field, SHORTEST_MS, LONGEST_MS);
        await killAndRestart(field, field.rig.service(field.random.pick(VICTIMS)));
      }
      // Else nobody would ever own a partition long enough for a kill to meet its work.
      await untilProgress(field, PROGRESS, 'between two rows of kills');
    }
  },
};

async function killAndRestart(field: FaultField, victim: ServiceProcess): Promise<void> {
  await victim.kill();
  victim.start();
  field.record.count(`kill of ${victim.name}`);
}
