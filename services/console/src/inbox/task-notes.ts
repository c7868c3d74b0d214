import type { StoreTask } from '@shelfline/client/store';
import { type Language, momentIn, textIn } from '../language.js';

export interface TaskNote {
  readonly text: string;
  /** Somebody should do something about it. */
  readonly isUrgent: boolean;
}
type Noted = Pick<StoreTask, 'state' | 'promisedBy' | 'escalation' | 'collectBy' | 'handoverLocked' | 'visit'>;

/** What a store should know of a task besides what is to be done with it. */
export function taskNotes(task: Noted, nowMs: number, language: Language): TaskNote[] {
  const { state, promisedBy, escalation, collectBy, handoverLocked } = task;
  const say = textIn(language);
  const notes: TaskNote[] = [];
  const isWaiting = state === 'READY_FOR_PICKUP';
  if (promisedBy !== undefined && !isWaiting) {
    const isLate = Date.parse(promisedBy) <= nowMs;
    const time = momentIn(language, Date.parse(promisedBy));
    notes.push({ text: say(isLate ? 'promiseOver' : 'promisedBy', { time }), isUrgent: isLate });
  }
  if (escalation && escalation.level !== 'reroute')
    notes.push({ text: say(escalation.level === 'manager' ? 'managerTold' : 'reminded'), isUrgent: true });
  if (collectBy !== undefined && isWaiting)
    notes.push({ text: say('keepUntil', { time: momentIn(language, Date.parse(collectBy)) }), isUrgent: false });
  notes.push(...visitNotes(task, language));
  if (handoverLocked) notes.push({ text: say('answerLocked'), isUrgent: true });
  return notes;
}

/** Who of the store brings it, and when its customer opens the door. */
function visitNotes({ visit }: Pick<Noted, 'visit'>, language: Language): TaskNote[] {
  if (!visit) return [];
  const say = textIn(language);
  const { guide, from, until } = visit;
  const timeOf = (at: string) => momentIn(language, Date.parse(at));
  const texts = [
    say('broughtBy', { guide }),
    ...(from === undefined ? [] : [say('thereFrom', { time: timeOf(from) })]),
    ...(until === undefined ? [] : [say('thereUntil', { time: timeOf(until) })]),
  ];
  return texts.map((text) => ({ text, isUrgent: false }));
}
