import { type Language, textIn, timeIn } from './language.js';
import type { LastAnswer } from './last-answer.js';
import { reasonIn } from './unanswered.js';

interface NotUpToDateProps extends Pick<LastAnswer<unknown>, 'failure' | 'foundAtMs'> {
  readonly language: Language;
}

/** Says of a list that is asked for again that there is nothing newer, and why. */
export function NotUpToDate({ failure, foundAtMs, language }: NotUpToDateProps) {
  if (failure === undefined) return null;
  const say = textIn(language);
  const reason = reasonIn(language, failure);
  return (
    <p role="alert" className="not-up-to-date">
      {foundAtMs === undefined
        ? say('listFailed', { reason })
        : say('listOld', { reason, time: timeIn(language, foundAtMs) })}
    </p>
  );
}
