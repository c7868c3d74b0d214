import { parseArgs } from 'node:util';
import { runCommand, withServers } from '@shelfline/streaming/cli-connections';
import { OperatorError } from '@shelfline/streaming/errors';
import { verifyLevels } from './verify-command.js';

const HELP = `Recomputes levels from their movements and compares; sets right what differs when asked to.

  node services/inventory/dist/verify-cli.js --database NAME [--sku S] [--list N] [--json]
  node services/inventory/dist/verify-cli.js --database NAME [--sku S] --repair --operator WHO --reason WHY

  --database NAME   inventory's database (its MONGODB_DATABASE)
  --sku S           this SKU only
  --list N          list the first N differences (20)
  --repair          have the ledger set each level that differs to the sum of its movements; no document is edited
  --operator WHO    your name, kept with the repair among the movements
  --reason WHY      why levels differ, as far as you know
  --json            one JSON object a line
From the environment: MONGODB_URI, and for --repair KAFKA_BROKERS and TOPIC_PREFIX.
Stock may move meanwhile: a difference counts when a second look, as of one moment, finds it again. Progress is on stderr.
Ends with 0 when nothing differs (any more), 1 when something does, 2 when it could not be done, 130 on Ctrl-C.
`;

function listedOf(given: string | undefined): number {
  const listed = given === undefined ? 20 : Number(given);
  if (!Number.isInteger(listed) || listed < 0)
    throw new OperatorError(`--list ${given}: a whole number, 0 or more, please.`);
  return listed;
}

function repairOf(repair: boolean, operator: string | undefined, reason: string | undefined) {
  if (!repair) {
    if (operator !== undefined || reason !== undefined)
      throw new OperatorError('--operator and --reason belong to --repair. Without it nothing is changed.');
    return {};
  }
  const missing = Object.entries({ operator, reason }).flatMap(([name, value]) => (value?.trim() ? [] : [`--${name}`]));
  if (missing.length > 0)
    throw new OperatorError(`A repair is kept with who asked and why. Missing: ${missing.join(', ')}.`);
  return { repair: { operator: operator!.trim(), reason: reason!.trim() } };
}

const OPTIONS = {
  database: { type: 'string' },
  sku: { type: 'string' },
  list: { type: 'string' },
  repair: { type: 'boolean', default: false },
  operator: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

function optionsGiven() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new OperatorError(`${(error as Error).message}\n\n${HELP}`);
  }
}

async function run(signal: AbortSignal): Promise<void> {
  const values = optionsGiven();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { database, sku, list, repair, operator, reason, json } = values;
  if (!database) throw new OperatorError(`--database NAME is missing.\n\n${HELP}`);
  const request = { ...(sku === undefined ? {} : { sku }), listed: listedOf(list), json };
  const asked = { ...request, ...repairOf(repair, operator, reason) };
  const drifting = await withServers(database, (servers) =>
    verifyLevels(servers, asked, {
      say: (line) => void process.stdout.write(`${line}\n`),
      tell: (line) => void process.stderr.write(`${line}\n`),
      signal,
    }),
  );
  if (drifting > 0) process.exitCode = 1;
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
await runCommand(async () => {
  try {
    await run(interrupt.signal);
  } catch (error) {
    // Drift ends with 1, so that a script can tell it from a command that failed.
    process.once('exit', () => (process.exitCode = interrupt.signal.aborted ? 130 : 2));
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('Interrupted; what the ledger has repaired stays repaired.\n');
  }
});
