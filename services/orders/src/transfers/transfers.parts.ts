import { TOPICS } from '@shelfline/contracts/topics';
import type { TransferOutcome } from '@shelfline/contracts/transfer-view';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { MongoPartitionStore } from '@shelfline/streaming/mongo-partition-store';
import { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import { Publisher } from '@shelfline/streaming/publisher';
import { topicName } from '@shelfline/streaming/topics-setup';
import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import type { PromisableStock } from '../promisable-stock.js';
import { decodeTransferAnswer, TransferDesk } from './transfer-desk.js';
import { TransferSurroundings } from './transfer-surroundings.js';
import { TransfersController } from './transfers.controller.js';
import { TransfersRepository, type TransferWrites } from './transfers.repository.js';
import { TransfersIntakeHandler } from './transfers-intake.handler.js';
import { TRANSFERS_DUE, transfersStream } from './transfers-intake.stream.js';
import { TransfersMetrics } from './transfers-metrics.js';

export const TRANSFER_TOPICS = [TOPICS.transferIntake, TOPICS.transferOutcomes, TOPICS.transferEvents];

export interface TransferParts {
  readonly kafka: KafkaPort;
  readonly connection: Connection;
  readonly partitions: ReadonlyMap<string, number>;
  readonly stock: PromisableStock;
  readonly askAgainAfterMs: number;
}

/** The stream of transfers beside that of orders, and its side of REST. */
export async function buildTransfers(
  { config, lifecycle, metrics }: Kit<OrdersConfig>,
  { kafka, connection, partitions, stock, askAgainAfterMs }: TransferParts,
) {
  const times = {
    approveWithinMs: config.TRANSFER_APPROVE_WITHIN_MS,
    shipWithinMs: config.TRANSFER_SHIP_WITHIN_MS,
    receiveWithinMs: config.TRANSFER_RECEIVE_WITHIN_MS,
    askAgainAfterMs,
  };
  const repository = new TransfersRepository(connection, times);
  await repository.prepare();
  const store = new MongoPartitionStore<TransferWrites>({
    connection,
    stream: TOPICS.transferIntake.name,
    entriesCollection: 'transfer_entries',
    partitions: partitions.get(TOPICS.transferIntake.name)!,
    write: (writes, transaction) => repository.write(writes, transaction),
    merge: (writes) => writes.flat(),
  });
  await store.prepare();
  const answers = new OutcomeTail<TransferOutcome>({
    kafka,
    topicName: topicName(TOPICS.transferOutcomes, config.TOPIC_PREFIX),
    decode: decodeTransferAnswer,
    onCrash: (error) => lifecycle.fail(error),
    isOwn: true,
  });
  await answers.start();
  lifecycle.onStop('outbox', 'transfer answers', () => answers.stop());
  const due = new EarliestDue();
  const publisher = new Publisher(kafka, { prefix: config.TOPIC_PREFIX, partitions });
  const desk = new TransferDesk(publisher, answers, store, config.ORDER_ANSWER_TIMEOUT_MS);
  const surroundings = new TransferSurroundings(stock, times, config.TRANSFER_APPROVAL_RULES);
  return {
    stream: transfersStream(store, `${config.TOPIC_PREFIX}transfers`, due),
    controllers: [TransfersIntakeHandler, TransfersController],
    providers: [
      { provide: TransfersRepository, useValue: repository },
      { provide: TRANSFERS_DUE, useValue: due },
      { provide: TransferSurroundings, useValue: surroundings },
      { provide: TransfersMetrics, useValue: new TransfersMetrics(metrics) },
      { provide: TransferDesk, useValue: desk },
    ],
  };
}
