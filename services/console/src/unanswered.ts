import { type Language, textIn } from './language.js';

/** Stands for a reason where nothing came back: what a browser says of that, in its own language, tells nobody what to do. */
const NO_ANSWER = 'no-answer';

/** Why a request was not answered. `fetch` throws a `TypeError` where it reached nobody. */
export function whyUnanswered(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'TypeError' ? NO_ANSWER : message;
}

/** A server's reason as it is; that there was no answer, in the page's language. */
export const reasonIn = (language: Language, reason: string): string =>
  reason === NO_ANSWER ? textIn(language)('noAnswer') : reason;
