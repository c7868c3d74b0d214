import { describe, expect, it } from '@jest/globals';
import { VerifyProgress } from './verify-progress.js';

describe('progress of a verification', () => {
  it('is told once a second, with the time that is left as long as there is a guess of it', () => {
    const told: string[] = [];
    const progress = new VerifyProgress(1000, (line) => told.push(line));
    progress.read(100, 5000);
    progress.read(100, 5900);
    expect(told).toEqual([]);
    progress.read(200, 6000);
    progress.read(100, 6999);
    progress.read(700, 7500);
    expect(told).toEqual(['400 of about 1000 movements, 400/s, 2 s left', '1200 movements, 480/s']);
  });
});
