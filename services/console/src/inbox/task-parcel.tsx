import type { StoreTask } from '@shelfline/client/store';
import { type Language, textIn } from '../language.js';
import { storeToken } from '../token-source.js';
import { reasonIn } from '../unanswered.js';
import { parcelStepText } from './parcel-step-text.js';
import { useLabel } from './use-label.js';

interface TaskParcelProps {
  readonly parcel: StoreTask['parcel'];
  readonly store: string;
  readonly language: Language;
}

/** Its number at the courier, its label and where it is; or what is wrong with its label and what to do about it. */
export function TaskParcel({ parcel, store, language }: TaskParcelProps) {
  const say = textIn(language);
  if (!parcel) return null;
  const { courier, state, tracking, label, reason } = parcel;
  if (state === 'label_failed')
    return <p className="task-parcel failed">{say('labelFailed', { courier, reason: reason ?? '' })}</p>;
  const step = parcelStepText(state);
  return (
    <div className="task-parcel" data-parcel={state}>
      {tracking !== undefined && <p>{say('parcelAtCourier', { courier, tracking })}</p>}
      {step && <p>{say(step, { courier, reason: reason ?? '' })}</p>}
      {label !== undefined && <LabelToPrint path={label} store={store} language={language} />}
    </div>
  );
}

interface LabelToPrintProps extends Pick<TaskParcelProps, 'store' | 'language'> {
  readonly path: string;
}
function LabelToPrint({ path, store, language }: LabelToPrintProps) {
  const say = textIn(language);
  const { label, fetchLabel } = useLabel(path, async () => {
    const token = storeToken(store);
    return typeof token === 'function' ? token() : token;
  });
  if (label.kind === 'fetched')
    return (
      <a className="label-link" href={label.url} target="_blank" rel="noreferrer">
        <img src={label.picture} alt={say('labelPicture')} width="200" height="300" />
        <span className="page-link">{say('labelOpen')}</span>
      </a>
    );
  return (
    <>
      <button type="button" disabled={label.kind === 'fetching'} onClick={fetchLabel}>
        {say(label.kind === 'fetching' ? 'labelFetching' : 'labelShow')}
      </button>
      {label.kind === 'failed' && (
        <p role="alert">{say('labelNotFetched', { reason: reasonIn(language, label.reason) })}</p>
      )}
    </>
  );
}
