import { type AppointmentMessage, AppointmentOutcome } from '@shelfline/contracts/appointment';
import { TOPICS } from '@shelfline/contracts/topics';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { OutcomeTail } from '@shelfline/streaming/outcome-tail';
import type { Publisher } from '@shelfline/streaming/publisher';
import type { PartitionStore } from '@shelfline/streaming/stream';
import { conflicting, notConfirmed } from '../order-problems.js';
import { contentHashOf } from '../read-message.js';
import type { AppointmentEntry } from './appointment-outputs.js';
import type { AppointmentWrites } from './appointments.repository.js';

/** Of whom the answers are read here. */
export const APPOINTMENT_DESK = 'appointments-api';
const ASKED_HERE = JSON.stringify(APPOINTMENT_DESK);

export function decodeAppointmentAnswer({
  value,
}: ReceivedRecord): { id: string; outcome: AppointmentOutcome } | undefined {
  if (!value?.includes(ASKED_HERE)) return undefined;
  const { data } = AppointmentOutcome.safeParse(JSON.parse(value.toString()));
  return data?.source === APPOINTMENT_DESK ? { id: `${data.source}/${data.id}`, outcome: data } : undefined;
}

/** Sends what REST is asked the one way there is, through the topic, and waits for what came of it. */
export class AppointmentDesk {
  constructor(
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly answers: Pick<OutcomeTail<AppointmentOutcome>, 'expect'>,
    private readonly store: Pick<PartitionStore<AppointmentWrites>, 'findEntries'>,
    private readonly answerWithinMs: number,
  ) {}

  /** What was asked before is not sent again; throws in words what was refused. */
  async ask(message: AppointmentMessage): Promise<AppointmentOutcome> {
    const before = await this.findAnswer(message);
    if (before) return said(before);
    const awaited = this.answers.expect(`${message.source}/${message.id}`, this.answerWithinMs);
    const { store } = message;
    const [sent] = await this.publisher.publish([
      { topic: TOPICS.appointmentIntake, key: store, partitionBy: store, value: message },
    ]);
    if (!sent!.ok) throw notConfirmed();
    const heard = await awaited;
    // Only the entry tells whether the answer is to this message or to another of the same id under way at that time.
    const outcome = (await this.findAnswer(message)) ?? heard;
    if (outcome) return said(outcome);
    throw problem(
      503,
      'not-answered-yet',
      'It was taken and is not decided yet',
      `It will be. Look at the appointments of ${store}, or send the same again to wait for its answer.`,
    );
  }

  private async findAnswer(message: AppointmentMessage): Promise<AppointmentOutcome | undefined> {
    const id = `${message.source}/${message.id}`;
    const entry = (await this.store.findEntries([id])).get(id) as AppointmentEntry | undefined;
    if (!entry) return undefined;
    if (entry.contentHash !== contentHashOf(message)) throw conflicting('This id');
    return entry.answer;
  }
}

const STATUS: Readonly<Record<string, readonly [status: number, title: string]>> = {
  unknown_appointment: [404, 'There is no such appointment'],
  appointment_exists: [409, 'There is such an appointment already'],
  slot_full: [409, 'The slot is taken'],
  out_of_state: [409, 'That cannot be done now'],
};
function said(outcome: AppointmentOutcome): AppointmentOutcome {
  if (outcome.result !== 'refused') return outcome;
  throw refusal(outcome);
}
function refusal({ errors = [] }: AppointmentOutcome): ProblemError {
  const [status, title] = STATUS[errors[0]?.code ?? ''] ?? [422, 'That slot cannot be had'];
  const slug = (errors[0]?.code ?? 'refused').replaceAll('_', '-');
  const text = errors.map(({ detail }) => detail).join('; ');
  return problem(status, slug, title, `${text.charAt(0).toUpperCase()}${text.slice(1)}. Nothing was changed.`, {
    errors: errors.map(({ field, code, detail }) => ({ path: field, code, message: detail })),
  });
}

export const unknownAppointment = (id: string): ProblemError =>
  problem(
    404,
    'unknown-appointment',
    'There is no such appointment',
    `No appointment ${id} concerns you. Look for it in the store's list, /api/orders/appointments.`,
  );
