import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once and kept, so that links given out are good after a restart; only this user can read it. */
export function keepTrackingKey(folder: string): string {
  const file = join(folder, 'tracking.key');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const key = `local:${randomBytes(32).toString('base64url')}`;
    writeFileSync(file, key, { mode: 0o600 });
    return key;
  }
}
