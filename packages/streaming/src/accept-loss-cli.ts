import { parseArgs } from 'node:util';
import { acceptLoss } from './accept-loss.js';
import { runCommand, withServers } from './cli-connections.js';
import { OperatorError } from './errors.js';

const HELP = `Accepts that records are lost, so that a stream which stopped for it goes on.

  node packages/streaming/dist/accept-loss-cli.js --database NAME --stream S --operator WHO --reason WHY

  --database NAME   the service's database (its MONGODB_DATABASE)
  --stream S        the stream, named like its topic without prefix, e.g. inventory.deltas
  --operator WHO    your name, kept with the time and the lost range in the collection accepted_losses
  --reason WHY      why they cannot be restored
From the environment: MONGODB_URI, KAFKA_BROKERS, TOPIC_PREFIX.
Stop the service first. Nothing is changed when nothing is lost. Versions go on growing.
`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      stream: { type: 'string' },
      operator: { type: 'string' },
      reason: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { database, stream, operator, reason, json, help } = values;
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const missing = Object.entries({ database, stream, operator, reason }).flatMap(([name, value]) =>
    value?.trim() ? [] : [`--${name}`],
  );
  if (missing.length > 0) throw new OperatorError(`Missing: ${missing.join(', ')}.\n\n${HELP}`);
  await withServers(database!, async ({ connection, prefix, kafka }) => {
    const accepted = await acceptLoss({
      connection,
      kafka: await kafka(),
      stream: stream!,
      topicName: `${prefix}${stream}`,
      operator: operator!,
      reason: reason!,
      now: new Date(),
    });
    if (accepted.length === 0)
      throw new OperatorError(`${stream} has lost nothing: every checkpoint can go on. Nothing was changed.`);
    for (const { partition, loss, after, ...rest } of accepted)
      process.stdout.write(
        json
          ? `${JSON.stringify({ partition, loss, after, ...rest })}\n`
          : `${stream}/${partition}: ${
              loss.kind === 'gone'
                ? `records ${loss.from} to ${loss.to - 1} are given up`
                : `applied up to ${loss.appliedTo}, now read from ${loss.from} of the new log`
            }; generation ${after.generation}\n`,
      );
  });
});
