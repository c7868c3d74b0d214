import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTATIONS } from './simulation/mutations.js';

const checkout = join(import.meta.dirname, '..');

describe('planted defects of the simulator', () => {
  it.each(MUTATIONS.map(({ name, file, find }) => ({ name, file, find })))(
    '$name: its line is in $file, once',
    ({ file, find }) => {
      expect(readFileSync(join(checkout, file), 'utf8').split(find)).toHaveLength(2);
    },
  );
});
