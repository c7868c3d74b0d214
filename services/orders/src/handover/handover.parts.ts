import type { Connection } from 'mongoose';
import type { OrdersConfig } from '../config.js';
import type { StoreTerms } from '../domain/store/store-terms.js';
import { HandoverController, STORE_TERMS } from './handover.controller.js';
import { handoverCodes, loadHandoverKey } from './handover-codes.js';

export async function handoverParts(connection: Connection, config: OrdersConfig) {
  const terms: StoreTerms = {
    handoverCode: handoverCodes(await loadHandoverKey(connection)),
    pickupRemindAfterMs: config.PICKUP_REMIND_AFTER_MS,
    escalation: config.TASK_ESCALATION,
    asksCourier: config.COURIER !== undefined,
    pickupKeepMs: config.PICKUP_KEEP_MS,
  };
  return { terms, controllers: [HandoverController], providers: [{ provide: STORE_TERMS, useValue: terms }] };
}
