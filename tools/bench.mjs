// npm run bench -- ledger|hot|push|latency|verify|orders|order-queries|sourcing [--json FILE]: brings the build up to date, then runs one bench.
import { runBuilt } from './run-built.mjs';

const BENCHES = ['ledger', 'hot', 'push', 'latency', 'verify', 'orders', 'order-queries', 'sourcing'];
const [name, ...rest] = process.argv.slice(2);
if (!BENCHES.includes(name)) {
  console.error(
    `npm run bench -- ${BENCHES.join('|')} [--json FILE]: each prints the raw limit of the same run beside its result.`,
  );
  process.exit(name === '--help' ? 0 : 2);
}
runBuilt(`bench/${name}.ts`, rest);
