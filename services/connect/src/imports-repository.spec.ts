import { describeImportsRepository } from './testing/imports-repository.contract.js';
import { MemoryImportsRepository } from './testing/memory-imports-repository.js';

let nowMs = 1_700_000_000_000;
describeImportsRepository('in memory', async () => new MemoryImportsRepository(() => nowMs++));
