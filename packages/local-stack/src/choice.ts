import { LocalStackError } from './problem.js';

export type ServerKind = 'environment' | 'docker' | 'native';

export interface ServerChoice {
  kafka: { kind: 'environment'; brokers: string[] } | { kind: 'docker' | 'native' };
  mongodb: { kind: 'environment'; uri: string } | { kind: 'docker' | 'native' };
}

/**
 * Each server by itself: an address in the environment, else Docker where an engine answers, else native processes.
 * SHELFLINE_SERVERS=docker|native rules out the other of the last two. The engine is asked only when it matters.
 */
export async function chooseServers(
  env: NodeJS.ProcessEnv,
  hasDockerEngine: () => Promise<boolean>,
): Promise<ServerChoice> {
  const brokers = readBrokers(env['KAFKA_BROKERS']);
  const uri = readMongodbUri(env['MONGODB_URI']);
  const kind = brokers && uri ? 'native' : await chooseKind(env['SHELFLINE_SERVERS'], hasDockerEngine);
  return {
    kafka: brokers ? { kind: 'environment', brokers } : { kind },
    mongodb: uri ? { kind: 'environment', uri } : { kind },
  };
}

async function chooseKind(wish: string | undefined, hasDockerEngine: () => Promise<boolean>) {
  if (wish === 'native') return 'native';
  if (wish && wish !== 'docker') {
    throw new LocalStackError(`SHELFLINE_SERVERS is '${wish}'.`, "Set it to 'docker' or 'native', or unset it.");
  }
  if (await hasDockerEngine()) return 'docker';
  if (wish !== 'docker') return 'native';
  throw new LocalStackError(
    'SHELFLINE_SERVERS asks for Docker, but no Docker engine answers.',
    'Start Docker, or unset SHELFLINE_SERVERS.',
  );
}

function readBrokers(text: string | undefined): string[] | undefined {
  const brokers = (text ?? '').split(',').flatMap((part) => part.trim() || []);
  if (brokers.length === 0) return undefined;
  const wrong = brokers.find((broker) => !/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(broker));
  if (!wrong) return brokers;
  throw new LocalStackError(
    `KAFKA_BROKERS holds '${wrong}', which is no host:port.`,
    'Write it as KAFKA_BROKERS=host:port,host:port, or unset it.',
  );
}

function readMongodbUri(text: string | undefined): string | undefined {
  const uri = text?.trim();
  if (!uri) return undefined;
  if (/^mongodb(\+srv)?:\/\//.test(uri)) return uri;
  // The value is not shown: it may hold a password.
  throw new LocalStackError(
    'MONGODB_URI does not begin with mongodb:// or mongodb+srv://.',
    'Write it as MONGODB_URI=mongodb://host:port/?replicaSet=name, or unset it.',
  );
}
