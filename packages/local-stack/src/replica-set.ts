export const REPLICA_SET = 'rs0';

const NOT_YET_INITIATED = 94;

/**
 * Makes the mongod on that port of loopback the only member of its replica set, known there as `host`. Data that was
 * kept may name the port of an earlier run; such a member counts as removed until it is told its new address.
 */
export async function formReplicaSet(port: number, host = `127.0.0.1:${port}`): Promise<void> {
  const { mongo } = await import('mongoose');
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db('admin');
    const config = await findConfig(admin);
    if (!config) {
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    } else if (config.members[0]?.host !== host) {
      const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
      await admin.command({ replSetReconfig: moved, force: true });
    }
  } finally {
    await client.close();
  }
}

interface ReplicaSetConfig {
  version: number;
  members: { host: string }[];
}

interface AdminDatabase {
  command(command: Record<string, unknown>): Promise<Record<string, unknown>>;
}

async function findConfig(admin: AdminDatabase): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 }))['config'] as ReplicaSetConfig;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_YET_INITIATED) return undefined;
    throw error;
  }
}
