import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asyncApi, jsonSchemas } from './asyncapi.js';

/** Writes the data standard; the drift spec compares it with what is checked in. Run: npm run generate. */
const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../generated');
const write = (name: string, content: object) => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
};

write('asyncapi.json', asyncApi());
for (const [name, schema] of jsonSchemas()) write(join('schemas', name), schema);
