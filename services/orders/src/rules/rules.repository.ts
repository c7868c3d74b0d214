import type { StoredRule } from '@shelfline/contracts/sourcing-rule';
import type { TransactionWrites } from '@shelfline/streaming/transaction-writes';
import type { Connection, mongo } from 'mongoose';

/** A version with what tells a repeat of it from another content. */
export interface KeptRule {
  readonly rule: StoredRule;
  readonly contentHash: string;
  /** Of the record on `orders.rules`, by which a late one of a former owner is known. */
  readonly recordVersion: number;
}
export interface RuleWrites {
  readonly rules: readonly KeptRule[];
}
interface RuleDocument extends KeptRule {
  _id: number;
}

/** One document a version, `_id` = its number; written once. */
export class RulesRepository {
  private readonly rules: mongo.Collection<RuleDocument>;

  constructor(connection: Connection) {
    this.rules = connection.collection<RuleDocument>('sourcing_rules') as unknown as mongo.Collection<RuleDocument>;
  }

  /** 0 = there is none. */
  async newestVersion(): Promise<number> {
    const newest = await this.rules.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
    return newest?._id ?? 0;
  }

  async findRules(versions: readonly number[]): Promise<Map<number, KeptRule>> {
    const documents = await this.rules.find({ _id: { $in: [...versions] } }).toArray();
    return new Map(documents.map(({ _id, ...kept }) => [_id, kept]));
  }

  /** Newest first; `before`: the last one seen. */
  async list(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<StoredRule[]> {
    const documents = await this.rules
      .find({ _id: { $lt: before } })
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return documents.map(({ rule }) => rule);
  }

  /** Inside the stream's transaction. */
  write({ rules }: RuleWrites, transaction: TransactionWrites): void {
    transaction.insert(
      this.rules,
      rules.map((kept) => ({ _id: kept.rule.version, ...kept })),
    );
  }
}
