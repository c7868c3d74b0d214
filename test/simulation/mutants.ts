import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';
import { findRow, writeTable } from './readme-table.ts';

/** Each planted defect must be seen within so many histories. */
const MAX_SEEDS = 1000;
const FOUND_AT = /seed (\d+):\n\s+(.*)/;

interface Caught {
  readonly mutation: Mutation;
  /** Undefined: nothing was seen in all of them. */
  readonly seeds: number | undefined;
  readonly wrong: string;
}

function tryOut(mutation: Mutation): Promise<Caught> {
  const program = fileURLToPath(new URL('main.ts', import.meta.url));
  const hook = new URL('mutate.ts', import.meta.url).href;
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--import', hook, program, '--seeds', String(MAX_SEEDS), '--first'],
    {
      env: { ...process.env, SIM_MUTATION: mutation.name },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  return new Promise((resolve, reject) =>
    child.on('exit', (code) => {
      const found = FOUND_AT.exec(said);
      if (found) resolve({ mutation, seeds: Number(found[1]), wrong: found[2]!.trim() });
      else if (code === 0) resolve({ mutation, seeds: undefined, wrong: '' });
      else reject(new Error(`${mutation.name} did not run: ${said.slice(0, 600)}`));
    }),
  );
}

const only = process.argv.slice(2);
const waiting = MUTATIONS.filter(({ name }) => only.length === 0 || only.includes(name));
const results = new Map<string, Caught>();
const all = waiting.length;
const work = async () => {
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    const caught = await tryOut(mutation);
    results.set(mutation.name, caught);
    const what = caught.seeds === undefined ? 'NOT SEEN' : `seen after ${caught.seeds}: ${caught.wrong}`;
    console.log(`${results.size}/${all} ${mutation.name}: ${what}`);
  }
};
await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work));

const escape = (text: string): string => text.replaceAll('|', '\\|').slice(0, 100);
// Of those that were not tried this time the rows stay.
const rows = MUTATIONS.flatMap(({ name, file, what }) => {
  const caught = results.get(name);
  const kept = findRow(what);
  if (!caught) return kept ? [kept] : [];
  return [[what, `\`${file.split('/').at(-1)}\``, String(caught.seeds ?? 'not seen'), escape(caught.wrong)]];
});
writeTable('mutants:', ['planted defect', 'in', 'seeds needed', 'seen as'], rows);
const missed = [...results.values()].filter(({ seeds }) => seeds === undefined);
console.log(`${all - missed.length} of ${all} planted defects were seen`);
process.exit(missed.length > 0 ? 1 : 0);
