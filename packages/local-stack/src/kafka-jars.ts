import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildOnce, matchesManifest } from './build-once.js';
import { makeRoom } from './cache-folder.js';
import { findKnownCause, LocalStackError, lastLines } from './problem.js';
import type { OnProgress } from './progress.js';
import { findVersion, runTool } from './run-tool.js';

export const KAFKA_VERSION = '4.4.0';

const LOG4J_VERSION = '2.25.1';
const JAR_COUNT = 46;
const NEEDED_BYTES = 200_000_000;
const MANIFEST = 'jars.json';
const LABEL = `downloading Kafka ${KAFKA_VERSION} (43 MB, about 15 seconds, once)`;
const MINIMUM_JAVA = 17;
const ERRORS_SHOWN = 4;

/** The jars of a Kafka broker, in a fixed order as the class archive wants it. */
export interface KafkaJars {
  folder: string;
  classpath: string;
  javaVersion: string;
}

export async function prepareKafkaJars(
  cache: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<KafkaJars> {
  const javaVersion = requireJava();
  const folder = folderIn(cache);
  await buildOnce({
    target: folder,
    label: LABEL,
    isValid: areWhole,
    build: (into) => downloadJars(into, onProgress, signal),
    onProgress,
    signal,
  });
  const lib = join(folder, 'lib');
  const jars = readdirSync(lib).sort();
  return { folder, classpath: jars.map((jar) => join(lib, jar)).join(delimiter), javaVersion };
}

const folderIn = (cache: string) => join(cache, `kafka-${KAFKA_VERSION}`);
const areWhole = (folder: string) => matchesManifest(folder, MANIFEST);

/** What must be installed to run Kafka natively: each check throws on its own. */
export const kafkaToolChecks = (cache: string): (() => void)[] =>
  areWhole(folderIn(cache)) ? [requireJava] : [requireJava, requireMaven];

function requireJava(): string {
  const text = findVersion('java', ['-version']);
  const version = text?.match(/version "([^"]+)"/)?.[1];
  if (version && Number.parseInt(version, 10) >= MINIMUM_JAVA) return version;
  throw new LocalStackError(
    version
      ? `Java ${version} is too old: Kafka ${KAFKA_VERSION} runs on Java ${MINIMUM_JAVA} or later.`
      : `Java was not found, and Kafka ${KAFKA_VERSION} runs on it (no Docker engine and no KAFKA_BROKERS were found either).`,
    `Install a JRE ${MINIMUM_JAVA}+ (Debian/Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk), start Docker, or set KAFKA_BROKERS=host:port.`,
  );
}

function requireMaven(): void {
  if (findVersion('mvn')) return;
  throw new LocalStackError(
    `Maven (mvn) was not found; it downloads Kafka ${KAFKA_VERSION} the first time.`,
    'Install it (Debian/Ubuntu: apt-get install maven; macOS: brew install maven), start Docker, or set KAFKA_BROKERS=host:port.',
  );
}

async function downloadJars(folder: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  requireMaven();
  makeRoom(folder, NEEDED_BYTES, 'downloading Kafka');
  writeFileSync(join(folder, 'pom.xml'), POM);
  const startedAt = Date.now();
  let copied = 0;
  let downloaded = 0;
  const report = () => {
    const done = Math.min(JAR_COUNT, Math.max(copied, downloaded));
    onProgress({
      kind: 'preparing',
      label: LABEL,
      done,
      total: JAR_COUNT,
      unit: 'files',
      elapsedMs: Date.now() - startedAt,
    });
  };
  report();
  const lib = join(folder, 'lib');
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies';
  const { code, output } = await runTool({
    program: 'mvn',
    // --strict-checksums: a download that does not match its published checksum fails instead of being used
    args: ['-B', '--strict-checksums', goal, `-DoutputDirectory=${lib}`, '-DincludeScope=runtime'],
    cwd: folder,
    signal,
    onLine(line) {
      if (/Downloaded from .*(kafka|log4j|jackson|scala|\.jar)/.test(line) && line.includes('.jar ')) downloaded++;
      else if (line.includes('Copying ')) copied++;
      else return;
      if ((copied + downloaded) % 5 === 0) report();
    },
  });
  if (code !== 0) throw downloadFailure(output);
  writeManifest(folder, lib);
}

function writeManifest(folder: string, lib: string): void {
  const jars = readdirSync(lib).filter((name) => name.endsWith('.jar'));
  if (jars.length < JAR_COUNT || !jars.includes(`kafka_2.13-${KAFKA_VERSION}.jar`)) {
    throw new LocalStackError(
      `Maven reported success but left ${jars.length} of ${JAR_COUNT} jars of Kafka ${KAFKA_VERSION}.`,
      'Start again; if it stays so, look at the settings of Maven (~/.m2/settings.xml).',
    );
  }
  const entries = jars.map((jar) => ({ name: `lib/${jar}`, bytes: statSync(join(lib, jar)).size }));
  writeFileSync(join(folder, MANIFEST), JSON.stringify(entries));
}

function downloadFailure(output: string): LocalStackError {
  const errors = output
    .split('\n')
    .filter((line) => line.startsWith('[ERROR] ') && line.trim() !== '[ERROR]')
    .slice(0, ERRORS_SHOWN)
    .join('\n');
  const todo = {
    'disk-full': 'The disk is full: free some space (Maven also keeps files in ~/.m2) and start again.',
    'no-network': 'Check the network or the proxy (Maven reads ~/.m2/settings.xml) and start again; nothing is lost.',
    'port-taken': 'Start again.',
    unknown: 'Start again; to leave Maven out, start Docker or set KAFKA_BROKERS=host:port.',
  }[findKnownCause(output) ?? 'unknown'];
  return new LocalStackError(
    `Maven could not download Kafka ${KAFKA_VERSION}:\n${errors || lastLines(output, ERRORS_SHOWN)}`,
    todo,
  );
}

const dependency = (group: string, artifact: string, version: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const POM = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka-broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-1.2-api', LOG4J_VERSION)}
  </dependencies>
</project>
`;
