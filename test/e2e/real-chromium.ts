import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real one, of the machine. */
export async function launchChromium(): Promise<Browser> {
  if (!CHROMIUM)
    throw new Error(
      'No Chromium was found. Install it (Debian: apt-get install chromium fonts-wqy-microhei) or name it in CHROMIUM.',
    );
  return await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
