import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Tally } from './run-histories.ts';

/** Ranges of seeds as even as can be, none empty. */
export function partsOf(from: number, seeds: number, count: number): { from: number; seeds: number }[] {
  const parts = Math.min(count, seeds);
  return Array.from({ length: parts }, (_, i) => {
    const first = Math.floor((i * seeds) / parts);
    return { from: from + first, seeds: Math.floor(((i + 1) * seeds) / parts) - first };
  });
}

/** A part of the histories in a process of its own, which tells what it counted when it has run them. */
export function runPart(part: { from: number; seeds: number }): Promise<Tally> {
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = fork(program, ['--from', String(part.from), '--seeds', String(part.seeds), '--part'], {
    execArgv: process.execArgv,
  });
  return new Promise((resolve, reject) => {
    let told: Tally | undefined;
    child.on('message', (tally) => (told = tally as Tally));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (told) resolve(told);
      else
        reject(
          new Error(`seeds ${part.from}–${part.from + part.seeds - 1} were not run to their end (${signal ?? code})`),
        );
    });
  });
}
