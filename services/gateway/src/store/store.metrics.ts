import type { Metrics } from '@shelfline/service-kit/metrics';
import { readWhenScraped } from '../sockets/read-when-scraped.js';
import type { PushCounts } from './task-pushes.js';

/** What became of a request, in a bounded set of words: the orders' own codes may grow. */
const RESULTS: ReadonlySet<string> = new Set([
  'invalid',
  'not_found',
  'out_of_state',
  'too_many_requests',
  'unavailable',
  'no_answer',
]);

export class StoreMetrics {
  readonly counts: PushCounts = { pushed: 0, redelivered: 0 };
  staleVersions = 0;

  private readonly toAcknowledgement;
  private readonly actions;
  private readonly actionTime;

  constructor(private readonly metrics: Metrics) {
    this.toAcknowledgement = metrics.histogram({
      name: 'shelfline_gateway_task_acknowledged_seconds',
      help: 'From the append of a task’s state to a screen’s acknowledgement of it',
    });
    this.actions = metrics.counter({
      name: 'shelfline_gateway_task_actions_total',
      help: 'What stores asked to do with tasks, by what became of it',
      labelNames: ['result'],
    });
    this.actionTime = metrics.histogram({
      name: 'shelfline_gateway_task_action_seconds',
      help: 'From a store’s request to its answer',
    });
  }

  acknowledged(delayMs: number): void {
    this.toAcknowledgement.observe(delayMs / 1000);
  }
  answered(code: string, delayMs: number): void {
    this.actions.inc({ result: code === 'ok' || RESULTS.has(code) ? code : 'refused' });
    this.actionTime.observe(delayMs / 1000);
  }

  /** Metrics that are read off when scraped. */
  expose(read: {
    sockets: () => number;
    unacknowledged: () => number;
    openTasks: () => number;
    lagRecords: () => number;
    unreadable: () => number;
  }): void {
    const { gauge, counter } = readWhenScraped(this.metrics);
    gauge('shelfline_gateway_store_sockets', 'Sockets in /store', read.sockets);
    gauge('shelfline_gateway_open_tasks', 'Open tasks held, of all stores', read.openTasks);
    gauge(
      'shelfline_gateway_tasks_unacknowledged',
      'Task states that a screen has not acknowledged, summed over sockets',
      read.unacknowledged,
    );
    gauge('shelfline_gateway_tasks_lag_records', 'Task records not yet read', read.lagRecords);
    counter('shelfline_gateway_tasks_pushed_total', 'Task states pushed to screens', () => this.counts.pushed);
    counter(
      'shelfline_gateway_tasks_redelivered_total',
      'Task states pushed again for want of an acknowledgement',
      () => this.counts.redelivered,
    );
    counter('shelfline_gateway_tasks_unreadable_total', 'Task records that could not be read', read.unreadable);
    counter(
      'shelfline_gateway_tasks_stale_versions_total',
      'Task records below the version held, ignored',
      () => this.staleVersions,
    );
  }
}
