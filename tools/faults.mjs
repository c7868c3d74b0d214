// npm run faults -- --scenario NAME|all [--minutes M]: brings the build up to date, then runs test/faults/faults.ts.
import { runBuilt } from './run-built.mjs';

// A group of its own: Ctrl-C in a terminal comes once, from here, and a second time only when pressed again.
runBuilt('faults/faults.ts', process.argv.slice(2), { detached: true });
