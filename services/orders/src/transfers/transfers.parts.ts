import { TOPICS } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import { EarliestDue } from '@shelfline/streaming/earliest-due';
import type { OrdersConfig } from '../config.js';
import { type IntakeServers, openIntakeStore, startAnswers } from '../intake.parts.js';
import type { PromisableStock } from '../promisable-stock.js';
import { decodeTransferAnswer, TransferDesk } from './transfer-desk.js';
import { TransferSurroundings } from './transfer-surroundings.js';
import { TransfersController } from './transfers.controller.js';
import { TransfersRepository } from './transfers.repository.js';
import { TransfersIntakeHandler } from './transfers-intake.handler.js';
import { TRANSFERS_DUE, transfersStream } from './transfers-intake.stream.js';
import { TransfersMetrics } from './transfers-metrics.js';

export const TRANSFER_TOPICS = [TOPICS.transferIntake, TOPICS.transferOutcomes, TOPICS.transferEvents];

/** The stream of transfers beside that of orders, and its side of REST. */
export async function buildTransfers(
  kit: Kit<OrdersConfig>,
  servers: IntakeServers,
  stock: PromisableStock,
  askAgainAfterMs: number,
) {
  const { config, metrics } = kit;
  const { kafka, connection, publisher } = servers;
  const times = {
    approveWithinMs: config.TRANSFER_APPROVE_WITHIN_MS,
    shipWithinMs: config.TRANSFER_SHIP_WITHIN_MS,
    receiveWithinMs: config.TRANSFER_RECEIVE_WITHIN_MS,
    askAgainAfterMs,
  };
  const repository = new TransfersRepository(connection, times);
  const store = await openIntakeStore(servers, TOPICS.transferIntake, 'transfer_entries', repository);
  const answers = await startAnswers(kit, kafka, TOPICS.transferOutcomes, decodeTransferAnswer);
  const due = new EarliestDue();
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
