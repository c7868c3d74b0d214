import { type Mutation, streaming } from './mutation.ts';

export const HALVING_MUTATIONS: readonly Mutation[] = [
  {
    name: 'too-large-remembered',
    what: 'keep in memory what was decided ahead and was too large for a transaction',
    file: streaming('part-pipeline'),
    find: '    await this.steps.claimAnew();\n',
    replace: "    if (result.kind === 'duplicate') await this.steps.claimAnew();\n",
  },
  {
    name: 'too-large-is-done',
    what: 'take a part that was too large for a transaction for done',
    file: streaming('part-pipeline'),
    find: "    if (result.kind === 'duplicate') this.decider.expectRepeats();\n    await",
    replace: "    if (result.kind !== 'duplicate') return 'begun anew';\n    this.decider.expectRepeats();\n    await",
  },
  {
    name: 'decided-on-what-failed',
    what: 'commit what was decided upon a part that had to be begun anew',
    file: streaming('part-pipeline'),
    find: "    if (settled.value === 'begun anew') return this.applyAfter(undefined, records, isLast);\n",
    replace: '',
  },
  {
    name: 'second-half-dropped',
    what: 'of what is too much for a transaction the second half is dropped',
    file: streaming('halving'),
    find: '    await halvedUntilItFits(items.slice(half), apply, onHalved);\n',
    replace: '',
  },
  {
    name: 'second-half-first',
    what: 'of what is too much for a transaction the second half comes first',
    file: streaming('halving'),
    find:
      '    await halvedUntilItFits(items.slice(0, half), apply, onHalved);\n' +
      '    await halvedUntilItFits(items.slice(half), apply, onHalved);\n',
    replace:
      '    await halvedUntilItFits(items.slice(half), apply, onHalved);\n' +
      '    await halvedUntilItFits(items.slice(0, half), apply, onHalved);\n',
  },
];
