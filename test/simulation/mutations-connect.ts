import { connect, type Mutation } from './mutation.ts';

const ofDeltas: Mutation[] = [
  {
    name: 'answered-before-confirmed',
    what: 'deltas are accepted before Kafka has confirmed them',
    file: connect('delta-intake'),
    find: 'const failed = await this.sender.send(accepted);',
    replace: 'const failed = new Set<number>(); void this.sender.send(accepted);',
  },
  {
    name: 'late-is-accepted',
    what: 'what Kafka did not confirm in time counts as accepted',
    file: connect('delta-sender'),
    find: 'timeout.then(() => false)',
    replace: 'timeout.then(() => true)',
  },
  {
    name: 'failed-is-accepted',
    what: 'what Kafka refused counts as accepted',
    file: connect('delta-sender'),
    find: 'sending.catch(() => false)',
    replace: 'sending.catch(() => true).then(() => true)',
  },
  {
    name: 'sign-of-life-to-one',
    what: 'a sign of life goes to one partition only',
    file: connect('delta-sender'),
    find: 'Array.from({ length: this.partitions }, (_, partition) => this',
    replace: 'Array.from({ length: 1 }, (_, partition) => this',
  },
  {
    name: 'twice-in-a-request',
    what: 'an item that stands in its request twice is accepted twice',
    file: connect('domain/accept-deltas'),
    find: '    if (first === undefined) {',
    replace: '    if (first === undefined || index > 0) {',
  },
];

const ofImports: Mutation[] = [
  {
    name: 'acknowledged-unrecorded',
    what: 'a file is acknowledged before its import is recorded',
    file: connect('import-intake'),
    find: '    await this.record(',
    replace:
      '    void Promise.resolve().then(() => this.parts.repository.find(id)).catch(() => {});\n    if (bytes < 0) await this.record(',
  },
  {
    name: 'saved-before-sent',
    what: 'progress is saved before the lines are sent',
    file: connect('import-runner'),
    find: '    await this.publish(this.records.map(toRecord));',
    replace: '    void this.publish(this.records.map(toRecord)).catch(() => {});',
  },
  {
    name: 'sent-in-part',
    what: 'what Kafka did not take of a chunk is not sent again',
    file: connect('import-runner'),
    find: '      if (!failure || failure.ok) break;',
    replace: '      if (!failure || failure.ok || waiting.length > 0) break;',
  },
  {
    name: 'lease-unchecked',
    what: 'a lease is never checked when progress is saved',
    file: connect('testing/memory-imports-repository'),
    find: ' || stored.leaseOwner !== owner) return false;',
    replace: ') return false;',
  },
  {
    name: 'lease-for-ever',
    what: 'nobody takes over an import whose worker is silent',
    file: connect('testing/memory-imports-repository'),
    find: 'leasedAtMs < silentBeforeMs ||',
    replace: 'leasedAtMs < 0 ||',
  },
  {
    name: 'not-reread',
    what: 'a file is read on without the lines that the reader must remember',
    file: connect('import-runner'),
    find: '? firstRow : this.progress.reread;',
    replace: '? firstRow : this.progress.place;',
  },
  {
    name: 'begun-again',
    what: 'a worker that takes over begins the file again',
    file: connect('import-runner'),
    find: '    if (record.byte < this.progress.place.byte) return;',
    replace: '    if (record.byte < 0) return;',
  },
  {
    name: 'rejected-cut-off',
    what: 'rejected rows that stand beyond are cut off by who writes before them',
    file: connect('testing/memory-import-files'),
    find: 'Math.max(before.length, startByte + bytes.length)',
    replace: 'startByte + bytes.length',
  },
  {
    name: 'rejected-not-awaited',
    what: 'rejected rows count before they are on the disk',
    file: connect('import-runner'),
    find: '    await this.parts.files.writeRejected(this.job.id, start, bytes);',
    replace: '    void this.parts.files.writeRejected(this.job.id, start, bytes).catch(() => {});',
  },
  {
    name: 'dated-by-the-reader',
    what: 'the date of a row is judged by the clock of whoever reads it',
    file: connect('import-runner'),
    find: 'reader.read(record, this.job.startedAt.getTime());',
    replace: 'reader.read(record, this.parts.clock.now());',
  },
  {
    name: 'overtaken-removes-file',
    what: 'a worker that was overtaken removes the file',
    file: connect('import-worker'),
    find: "    if (state === 'completed' || state === 'failed') {",
    replace: '    if (state !== undefined) {',
  },
];

export const CONNECT_MUTATIONS: readonly Mutation[] = [...ofDeltas, ...ofImports];
