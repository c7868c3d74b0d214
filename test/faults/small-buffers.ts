import { spawn, spawnSync } from 'node:child_process';

/**
 * The kernel keeps up to some 4 MB for a socket that does not read, and Node cannot be told otherwise: a thousand of them
 * would need the memory of the machine before a server notices. A network of one's own may have small ones.
 */
const SETTINGS = { tcp_wmem: '4096 16384 65536', tcp_rmem: '4096 65536 131072' };
const WITHIN = 'SHELFLINE_FAULTS_SMALL_BUFFERS';

const commands = [
  'ip link set lo up',
  ...Object.entries(SETTINGS).map(([name, value]) => `echo ${value} > /proc/sys/net/ipv4/${name}`),
].join(' && ');

export const isWithinSmallBuffers = (): boolean => process.env[WITHIN] !== undefined;

export function canHaveSmallBuffers(): boolean {
  if (process.platform !== 'linux' || isWithinSmallBuffers()) return false;
  return spawnSync('unshare', ['--net', 'sh', '-c', commands], { stdio: 'ignore' }).status === 0;
}

/** Runs this program anew with these arguments, in a network with small buffers; resolves with its exit code. */
export function runWithSmallBuffers(args: readonly string[], signal: AbortSignal): Promise<number> {
  const command = [process.execPath, ...process.execArgv, process.argv[1]!, ...args];
  const { KAFKA_BROKERS: _brokers, MONGODB_URI: _uri, ...env } = process.env;
  const child = spawn('unshare', ['--net', 'sh', '-c', `${commands} && exec "$@"`, 'sh', ...command], {
    stdio: 'inherit',
    // Neither servers of the environment nor containers can be reached from in there.
    env: { ...env, SHELFLINE_SERVERS: 'native', [WITHIN]: 'yes' },
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', interrupt);
      resolve(code ?? 1);
    });
  });
}
