import type { StoreTask } from '@shelfline/client/store';
import { type Language, textIn } from '../language.js';

/** Its number at the courier, or what is wrong with its label and what to do about it. */
export function TaskParcel({
  parcel,
  language,
}: {
  readonly parcel: StoreTask['parcel'];
  readonly language: Language;
}) {
  const say = textIn(language);
  if (!parcel) return null;
  const { courier, state, tracking, reason } = parcel;
  if (state === 'label_failed')
    return <p className="task-parcel failed">{say('labelFailed', { courier, reason: reason ?? '' })}</p>;
  return tracking === undefined ? null : <p className="task-parcel">{say('parcelNumber', { courier, tracking })}</p>;
}
