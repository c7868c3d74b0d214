import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { project } from './jest.preset.mjs';

const integration = process.env['SHELFLINE_TEST_LEVEL'] === 'integration';

export default {
  projects: globSync('{packages,services}/*/package.json', { cwd: import.meta.dirname }).map((file) =>
    project(`${import.meta.dirname}/${dirname(file)}`, { integration }),
  ),
  coverageProvider: 'v8', // istanbul counts SWC's decorator helpers as uncovered code
  // forceExit: what a failed spec leaves open must not keep the run, and whoever waits for it, from ending.
  // How long a spec takes is the machine's affair, and others may be using it.
  testTimeout: 60_000,
  ...(integration ? { forceExit: true } : {}),
};
