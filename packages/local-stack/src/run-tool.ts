import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

interface ToolRun {
  program: string;
  args: string[];
  cwd?: string;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

const KEPT_LINES = 400;

/**
 * Runs a download or a build to its end. The whole process group is ended on abort and when this program exits,
 * so that no compiler goes on working for nobody.
 */
export async function runTool(run: ToolRun): Promise<{ code: number | null; output: string }> {
  run.signal?.throwIfAborted();
  const child = spawn(run.program, run.args, { cwd: run.cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift();
      run.onLine?.(line);
    });
  }
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // it ended by itself a moment ago
    }
  };
  process.once('exit', endGroup);
  run.signal?.addEventListener('abort', endGroup, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    run.signal?.throwIfAborted();
    return { code, output: lines.join('\n') };
  } finally {
    process.off('exit', endGroup);
    run.signal?.removeEventListener('abort', endGroup);
  }
}

/** What the program says about its version, on either stream; absent when it cannot be run. */
export function findVersion(program: string, args = ['--version']): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? `${stdout}${stderr}`.trim() : undefined;
}
