import { parseArgs } from 'node:util';
import { runCommand, type Servers, withServers } from './cli-connections.js';
import {
  type DeadLetterFilter,
  findDeadLetter,
  listDeadLetters,
  refuseUnknownDatabase,
  replayDeadLetter,
  type StoredDeadLetter,
} from './dead-letters.js';
import { OperatorError } from './errors.js';

const HELP = `Records that could not be applied: look at them, and send them again once the reason is gone.

  node packages/streaming/dist/dead-letters-cli.js list   --database NAME [--stream S] [--reason R] [--open] [--limit N] [--after ID]
  node packages/streaming/dist/dead-letters-cli.js show   --database NAME --id ID
  node packages/streaming/dist/dead-letters-cli.js replay --database NAME (--id ID | --stream S [--reason R]) [--limit N]

  --database NAME   the service's database (its MONGODB_DATABASE)
  --open            only those never sent again
  --limit N         at most N of them (list: 50, replay: 100)
  --after ID        the page that follows this id
  --json            one JSON object a line
From the environment: MONGODB_URI, and for replay KAFKA_BROKERS and TOPIC_PREFIX.
A record is replayed once, with its id kept: what is in the ledger already has no second effect, and what is still bad
becomes a new dead letter.
`;

const OPTIONS = {
  database: { type: 'string' },
  stream: { type: 'string' },
  reason: { type: 'string' },
  id: { type: 'string' },
  after: { type: 'string' },
  limit: { type: 'string' },
  open: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const asJson = ({ value, ...rest }: StoredDeadLetter): string =>
  JSON.stringify({ ...rest, value: value === null ? null : value.toString('base64') });

const asLine = ({ _id, reason, detail, recordedAtMs, replayedAt }: StoredDeadLetter): string =>
  `${_id}  ${new Date(recordedAtMs).toISOString()}  ${reason}: ${detail}` +
  (replayedAt ? `  (replayed ${replayedAt.toISOString()})` : '');

const asPage = (letter: StoredDeadLetter): string =>
  [
    asLine(letter),
    `topic ${letter.topic}, partition ${letter.partition}, offset ${letter.offset}, key ${JSON.stringify(letter.key)}`,
    ...Object.entries(letter.headers).map(([name, value]) => `${name}: ${value}`),
    '',
    letter.value === null ? '(no value)' : letter.value.toString(),
  ].join('\n');

function limitOf(given: string | undefined, byDefault: number): number {
  const limit = given === undefined ? byDefault : Number(given);
  if (!Number.isInteger(limit) || limit < 1)
    throw new OperatorError(`--limit ${given}: a whole number above 0, please.`);
  return limit;
}

async function replay(servers: Servers, ids: readonly string[], json: boolean): Promise<void> {
  const { connection, prefix, kafka } = servers;
  for (const id of ids) {
    const result = await replayDeadLetter(connection, await kafka(), id, { prefix, now: new Date() });
    if (result.kind === 'unknown') throw new OperatorError(`There is no dead letter ${id} in this database.`);
    if (json) print(JSON.stringify({ id, ...result }));
    else if (result.kind === 'already') print(`${id}  was replayed already, ${result.since.toISOString()}`);
    else print(`${id}  replayed as offset ${result.offset}`);
  }
}

async function idsToReplay(servers: Servers, filter: DeadLetterFilter, id: string | undefined, limit: number) {
  if (id !== undefined) return [id];
  if (filter.stream === undefined) throw new OperatorError('replay needs --id ID, or --stream S to take many.');
  const letters = await listDeadLetters(servers.connection, { ...filter, open: true }, { limit });
  return letters.map(({ _id }) => _id);
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command] = positionals;
  if (values.help || command === undefined) {
    print(HELP);
    return;
  }
  if (!['list', 'show', 'replay'].includes(command)) throw new OperatorError(`Unknown command ${command}.\n${HELP}`);
  if (!values.database) throw new OperatorError('--database NAME is missing.');
  const { database, stream, reason, id, after, json = false, open = false } = values;
  const filter = { stream, reason, open };
  await withServers(database, async (servers) => {
    await refuseUnknownDatabase(servers.connection);
    if (command === 'list') {
      const limit = limitOf(values.limit, 50);
      const letters = await listDeadLetters(servers.connection, filter, { limit, ...(after ? { after } : {}) });
      for (const letter of letters) print(json ? asJson(letter) : asLine(letter));
      if (!json)
        print(letters.length < limit ? `${letters.length} dead letters` : `more: --after ${letters.at(-1)!._id}`);
    } else if (command === 'show') {
      if (id === undefined) throw new OperatorError('show needs --id ID.');
      const letter = await findDeadLetter(servers.connection, id);
      if (!letter) throw new OperatorError(`There is no dead letter ${id} in ${database}.`);
      print(json ? asJson(letter) : asPage(letter));
    } else {
      await replay(servers, await idsToReplay(servers, filter, id, limitOf(values.limit, 100)), json);
    }
  });
});
