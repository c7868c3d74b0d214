import type { StoreTask, TaskAction, TaskAnswer } from '@shelfline/client/store';
import { TASK_STATE_TERMS } from '@shelfline/contracts/order-terms';
import { type Language, textIn } from '../language.js';
import type { TextKey } from '../texts.js';

type Refused = Extract<TaskAnswer, { ok: false }>;

const WORDS: Readonly<Record<string, TextKey>> = {
  offline: 'answerOffline',
  no_answer: 'answerNone',
  unavailable: 'answerUnavailable',
  too_many_requests: 'answerTooMany',
  not_found: 'outOfStateGone',
  code_missing: 'answerCodeMissing',
  wrong_code: 'answerWrongCode',
  handover_locked: 'answerLocked',
};
const ACTIONS: ReadonlySet<string> = new Set<TaskAction>([
  'accept',
  'reject',
  'pick',
  'pack',
  'ready',
  'hand_over',
  'ship',
  'deliver',
]);

/** `task` as it is known now; undefined when it is not open any more. */
export function answerWords(refused: Refused, task: StoreTask | undefined, language: Language): string {
  const say = textIn(language);
  if (refused.code !== 'out_of_state') {
    const key = WORDS[refused.code];
    return key ? say(key) : say('answerOther', { detail: refused.detail });
  }
  if (!task) return say('outOfStateGone');
  const state = TASK_STATE_TERMS[task.state][language];
  const allowed = (refused.allowed ?? task.actions).map((action) =>
    ACTIONS.has(action) ? say(action as TaskAction) : action,
  );
  if (allowed.length === 0) return say('outOfStateNothing', { state });
  return say('outOfState', { state, allowed: allowed.join(language === 'zh' ? '、' : ', ') });
}
