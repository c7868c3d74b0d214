import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { writeDevKeyFiles } from '../auth.js';
import { commonConfig, loadConfig } from '../config.js';

/** A configuration whose servers do not exist, and the key that signs tokens it accepts. */
export async function serviceConfig(more: NodeJS.ProcessEnv = {}) {
  const files = await writeDevKeyFiles(mkdtempSync(join(tmpdir(), 'service-kit-')));
  const key = JSON.parse(readFileSync(files.privateKey, 'utf8')) as JWK;
  const config = loadConfig(z.object(commonConfig), {
    KAFKA_BROKERS: 'nowhere:1',
    MONGODB_URI: 'mongodb://user:swordfish@nowhere',
    MONGODB_DATABASE: 'none',
    AUTH_JWKS_FILE: files.publicKeys,
    LOG_LEVEL: 'fatal',
    ...more,
  });
  return { config, key, files };
}
