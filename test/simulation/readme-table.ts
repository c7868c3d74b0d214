import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const README = fileURLToPath(new URL('README.md', import.meta.url));

/** The cells of a row that stands in one of its tables already. */
export function findRow(first: string): string[] | undefined {
  const line = readFileSync(README, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`| ${first} | `));
  return line?.slice('| '.length, -' |'.length).split(' | ');
}

/** Replaces what stands between two marks of the README. */
export function writeTable(mark: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const readme = readFileSync(README, 'utf8');
  const [start, end] = [`<!-- ${mark}`, `<!-- /${mark.split(':')[0]} -->`].map((text) => readme.indexOf(text));
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`README.md of the simulator has no place for the table of ${mark}`);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const from = readme.indexOf('-->', start) + '-->'.length;
  writeFileSync(README, `${readme.slice(0, from)}\n\n${lines.join('\n')}\n\n${readme.slice(end)}`);
}
