import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process id is reused by the system; together with its start time it names one process for good. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

/** When the process started, in the system's own notation; absent when there is no such process (or only its zombie). */
export function findStartTime(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command name may hold spaces and brackets, so fields count from the last bracket: state is the 3rd, start the 22nd.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: findStartTime(pid) ?? 'gone' };
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return findStartTime(pid) === startTime;
}

/** Stops a process that need not be our child: SIGTERM, then SIGKILL after `graceMs`. Resolves when it is gone. */
export async function stopProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  signalProcess(identity, 'SIGTERM');
  const killAt = Date.now() + graceMs;
  let killed = false;
  while (isAlive(identity)) {
    if (!killed && Date.now() >= killAt) {
      signalProcess(identity, 'SIGKILL');
      killed = true;
    }
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
