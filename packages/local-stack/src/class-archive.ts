import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce } from './build-once.js';
import type { KafkaJars } from './kafka-jars.js';
import { startNativeKafka } from './kafka-native.js';
import type { ServerPlace } from './servers.js';

const LABEL = 'preparing faster starts of Kafka (about 10 seconds, once)';
const DUMP_GRACE_MS = 60_000;

/**
 * Java arguments that load Kafka's classes from an archive of this Java version, which halves the time of a start.
 * The archive is what a broker leaves that runs once on throw-away data. Java itself ignores an archive that does not fit.
 */
export async function prepareClassArchive(jars: KafkaJars, place: ServerPlace): Promise<string[]> {
  const target = `${jars.folder}-classes-java-${jars.javaVersion.replaceAll(/[^\w.]/g, '-')}`;
  const archive = (folder: string) => join(folder, 'kafka.jsa');
  await buildOnce({
    target,
    label: LABEL,
    isValid: (folder) => existsSync(archive(folder)),
    async build(folder) {
      place.onProgress({ kind: 'preparing', label: LABEL, elapsedMs: 0 });
      const dataFolder = join(folder, 'training');
      mkdirSync(dataFolder);
      const kafka = await startNativeKafka({
        ...place,
        purpose: `${place.purpose}-training`,
        dataFolder,
        jars,
        javaArgs: [`-XX:ArchiveClassesAtExit=${archive(folder)}`],
        brokerCount: 1,
        stopGraceMs: DUMP_GRACE_MS,
      });
      await kafka.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
    onProgress: place.onProgress,
    signal: place.signal,
  });
  return existsSync(archive(target))
    ? [`-XX:SharedArchiveFile=${archive(target)}`, '-Xlog:cds=off', '-Xlog:class+path=off']
    : [];
}
