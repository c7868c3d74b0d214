import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { findKnownCause, LocalStackError, lastLines } from './problem.js';
import { recordServer } from './running-servers.js';

interface ServerCommand {
  name: string;
  program: string;
  args: string[];
  logFile: string;
  /** Where running servers are recorded, and for whom. */
  runningFolder: string;
  purpose: string;
  dataFolder: string;
  onExit?: (code: number | null, signal: string | null) => void;
}

/** One native server: a process that this program started and is answerable for. */
export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  hasExited(): boolean;
  /** Sends the signal, SIGKILL when it has not gone after `graceMs`, and resolves when it is gone. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

const STOP_GRACE_MS = 10_000;
const LOG_LINES_SHOWN = 15;

const running = new Set<ChildProcess>();
let exitHookSet = false;

/** Ends servers when this program leaves by process.exit or an uncaught error without having stopped them. */
function setExitHook(): void {
  if (exitHookSet) return;
  exitHookSet = true;
  process.on('exit', () => {
    for (const child of running) child.kill('SIGTERM');
  });
}

export function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  setExitHook();
  const log = openSync(command.logFile, 'a');
  // A session of its own: Ctrl-C in a terminal reaches us, who stop servers in order, and not the servers directly.
  const child = spawn(command.program, command.args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new LocalStackError(`${command.program} cannot be run: ${cause.message}.`, 'Check that it is installed.')),
    );
    child.once('spawn', () => resolve(superviseChild(child, command)));
  });
}

function superviseChild(child: ChildProcess, command: ServerCommand): ServerProcess {
  const pid = child.pid as number;
  const eraseRecord = recordServer(command.runningFolder, command, pid);
  running.add(child);
  let asked = false;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      eraseRecord();
      if (!asked) command.onExit?.(code, signal);
      resolve();
    });
  });
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    logFile: command.logFile,
    hasExited,
    async stop(signal = 'SIGTERM', graceMs = STOP_GRACE_MS) {
      if (hasExited()) return;
      asked = true;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** The error for a server that ended or stayed silent instead of getting ready, with the end of its log. */
export function startFailure(name: string, what: string, logFile: string): LocalStackError {
  const log = readFileSync(logFile, 'utf8');
  const todo = {
    'disk-full': 'The disk is full: free some space, or choose a data folder on another disk.',
    'port-taken': 'Another program listens on its port: end that program, or choose another port.',
    'no-network': `See the whole log: ${logFile}`,
    unknown: `See the whole log: ${logFile}; a damaged data folder is begun anew with --fresh.`,
  }[findKnownCause(log) ?? 'unknown'];
  return new LocalStackError(`${name} ${what}. The last lines of its log:\n${lastLines(log, LOG_LINES_SHOWN)}`, todo);
}
