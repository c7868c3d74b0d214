// npm run sim -- …, npm run sim:mutants: brings the build up to date, then runs the simulator.
import { runBuilt } from './run-built.mjs';
import { SIM_NODE_ARGS } from './sim-node-args.mjs';

const [program, ...rest] = process.argv.slice(2);
runBuilt(`simulation/${program}.ts`, rest, { nodeArgs: SIM_NODE_ARGS });
