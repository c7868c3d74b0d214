import { randomUUID } from 'node:crypto';
import { TOPICS, type TopicDefinition } from '@shelfline/contracts/topics';
import type { Kit } from '@shelfline/service-kit/http';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';
import { OutcomeTail, type OutcomeTailOptions } from '@shelfline/streaming/outcome-tail';
import { Publisher } from '@shelfline/streaming/publisher';
import { Table } from '@shelfline/streaming/table';
import { ensureTopics, topicName } from '@shelfline/streaming/topics-setup';
import type { GatewayConfig } from '../config.js';
import type { Verify } from '../sockets/admission.js';
import { epochOf } from '../sockets/epoch.js';
import { systemTimer } from '../sockets/system-timer.js';
import { decodeConflict, decodeOutcome, OrdersClient } from './orders-client.js';
import { ScreensByStore } from './screens-by-store.js';
import { StoreMetrics } from './store.metrics.js';
import { StoreNamespace } from './store.namespace.js';
import { type StoreBoards, storeBoards } from './store-boards.js';
import { decodeTask, type HeldTask, tombstoneVersion } from './store-task.js';
import { TaskActions } from './task-actions.js';
import { TaskBoard } from './task-board.js';

type StoreKit = Kit<GatewayConfig>;

/** What sockets of all namespaces share. */
export interface SharedBySockets {
  readonly verify: Verify;
  readonly refused: (reason: string) => void;
  readonly evicted: (reason: string) => void;
}

/** Tasks → board → screens of their store, and what those do on its way to the orders. */
export async function storeParts(kit: StoreKit, kafka: KafkaPort, shared: SharedBySockets) {
  const { config, lifecycle } = kit;
  const partitions = await ensureTopics(
    kafka,
    [TOPICS.orderTasks, TOPICS.orderIntake, TOPICS.orderOutcomes, TOPICS.deadLetters],
    {
      prefix: config.TOPIC_PREFIX,
      partitions: config.TOPIC_PARTITIONS,
      replication: config.TOPIC_REPLICATION,
    },
  );
  const metrics = new StoreMetrics(kit.metrics);
  const board = new TaskBoard();
  const screens = new ScreensByStore(config.MAX_SCREENS_PER_STORE);
  const outcomes = await startTail(kit, kafka, TOPICS.orderOutcomes, decodeOutcome);
  const conflicts = await startTail(kit, kafka, TOPICS.deadLetters, decodeConflict);
  const table = tasksTable(kit, kafka, board, metrics);
  table.onChange((changes) => {
    for (const change of changes) screens.take(board.apply(change));
  });
  await table.start();
  const publisher = new Publisher(kafka, { prefix: config.TOPIC_PREFIX, partitions });
  const namespace = new StoreNamespace({
    ...shared,
    isReady: () => table.isReady(),
    board,
    screens,
    actions: new TaskActions({
      find: (store, taskId) => board.find(store, taskId),
      orders: new OrdersClient(publisher, outcomes, conflicts, config.TASK_ANSWER_WITHIN_MS),
      makeId: randomUUID,
    }),
    metrics,
    timer: systemTimer,
    log: kit.log,
    epoch: epochOf(await kafka.clusterId(), topicName(TOPICS.orderTasks, config.TOPIC_PREFIX)),
    redeliverAfterMs: config.TASK_REDELIVER_AFTER_MS,
    behindAtBytes: config.BEHIND_AT_BYTES,
    messagesPerSecond: config.MESSAGES_PER_SECOND,
    messageBurst: config.MESSAGE_BURST,
  });
  metrics.expose({
    sockets: () => screens.size,
    unacknowledged: () => screens.unacknowledged(),
    openTasks: () => board.size,
    lagRecords: () => table.lagRecords(),
    unreadable: () => table.unreadable,
  });
  lifecycle.onStop('http', 'store sockets', () => namespace.stop());
  const boards: StoreBoards = () => storeBoards(board, screens);
  return { namespace, table, boards };
}

function tasksTable(
  { config, lifecycle }: StoreKit,
  kafka: KafkaPort,
  board: TaskBoard,
  metrics: StoreMetrics,
): Table<HeldTask> {
  const table = new Table<HeldTask>({
    kafka,
    topic: TOPICS.orderTasks,
    topicName: topicName(TOPICS.orderTasks, config.TOPIC_PREFIX),
    decode: (record) => {
      const held = decodeTask(record);
      if (held && held.task.version < (board.findVersion(held.task.taskId) ?? 0)) metrics.staleVersions++;
      return held;
    },
    versionOf: ({ task }) => task.version,
    tombstoneVersionOf: tombstoneVersion,
    onCrash: (error) => lifecycle.fail(error),
  });
  lifecycle.onStop('intake', 'task table', () => table.stop());
  table.ready.catch((error: Error) => lifecycle.fail(error));
  return table;
}

async function startTail<T>(
  { config, lifecycle }: StoreKit,
  kafka: KafkaPort,
  topic: TopicDefinition,
  decode: OutcomeTailOptions<T>['decode'],
) {
  const onCrash = (error: Error) => lifecycle.fail(error);
  const tail = new OutcomeTail<T>({ kafka, topicName: topicName(topic, config.TOPIC_PREFIX), decode, onCrash });
  await tail.start();
  lifecycle.onStop('intake', topic.name, () => tail.stop());
  return tail;
}
