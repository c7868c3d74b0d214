import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const REMOTE = 2;
const INODE = 9;

/** Of `/proc/net/tcp`: the remote port of each connection, by its socket's inode. */
export function remotePorts(table: string): Map<string, number> {
  const rows = table.trim().split('\n').slice(1);
  return new Map(
    rows.map((row) => {
      const fields = row.trim().split(/\s+/);
      return [fields[INODE]!, Number.parseInt(fields[REMOTE]!.split(':')[1]!, 16)];
    }),
  );
}

/** How many connections a process has open to these ports; undefined where the system does not tell. */
export function connectionsTo(pid: number, ports: readonly number[]): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const tables = ['tcp', 'tcp6'].map((name) => remotePorts(readFileSync(`/proc/${pid}/net/${name}`, 'utf8')));
  let found = 0;
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(targetOf(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode === undefined) continue;
    if (tables.some((table) => ports.includes(table.get(inode) ?? -1))) found++;
  }
  return found;
}

/** It may have been closed since it was listed. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

/** The ports of a database's address; the protocol's own where none is named. */
export function portsOf(mongodbUri: string): number[] {
  const hosts = /^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(mongodbUri)?.[1] ?? '';
  return hosts.split(',').map((host) => Number(/:(\d+)$/.exec(host)?.[1] ?? 27017));
}
