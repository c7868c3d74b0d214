import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { MUTATIONS } from './mutations.ts';

/**
 * Loaded before the simulator (`node --import`): of the one file that the mutation named in SIM_MUTATION is about, the
 * changed source is compiled and loaded in place of what was built. No file is touched.
 */
const name = process.env['SIM_MUTATION'];
const mutation = MUTATIONS.find((each) => each.name === name);
if (!mutation) throw new Error(`no mutation is called ${name}`);
const root = new URL('../../', import.meta.url);
const source = readFileSync(new URL(mutation.file, root), 'utf8');
const found = source.split(mutation.find).length - 1;
if (found !== 1) throw new Error(`${mutation.name}: ${mutation.file} has what it replaces ${found} times, not once`);
const config = JSON.parse(readFileSync(new URL('.swcrc', root), 'utf8')) as { jsc: object; module: object };
const { code } = transformSync(
  source.replace(mutation.find, () => mutation.replace),
  {
    filename: fileURLToPath(new URL(mutation.file, root)),
    swcrc: false,
    jsc: config.jsc,
    module: config.module as never,
  },
);
const built = new URL(mutation.file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'), root).href;

registerHooks({
  load: (url, context, next) =>
    url === built ? { format: 'module', source: code, shortCircuit: true } : next(url, context),
});
