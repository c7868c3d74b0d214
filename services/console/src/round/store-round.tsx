import { useMemo, useState } from 'react';
import { dateIn, type Language, numberIn, textIn } from '../language.js';
import { NotUpToDate } from '../not-up-to-date.js';
import { Notice } from '../notice.js';
import { askWith } from '../store-rest.js';
import { storeToken } from '../token-source.js';
import { reasonIn } from '../unanswered.js';
import { useAskedAgain } from '../use-asked-again.js';
import './round.css';
import { guidesOf, RoundDesk, type RoundStop } from './round-desk.js';
import { sayWay, stopNotes } from './stop-notes.js';

interface StoreRoundProps {
  readonly store: string;
  readonly language: Language;
}

/** Today's round: what the store's own people bring, in the order in which to go. */
export function StoreRound({ store, language }: StoreRoundProps) {
  const desk = useMemo(() => new RoundDesk(store, askWith(storeToken(store))), [store]);
  const [guide, setGuide] = useState('');
  const { found, foundAtMs, failure } = useAskedAgain(desk.today);
  const say = textIn(language);
  if (!found)
    return failure === undefined ? (
      <Notice happened={say('roundSoon')} />
    ) : (
      <Failed reason={failure} language={language} />
    );
  const guides = guidesOf(found);
  // Who has nothing left to bring is not in the list any more.
  const chosen = guides.includes(guide) ? guide : '';
  const stops = chosen === '' ? found.stops : found.stops.filter(({ visit }) => visit?.guide === chosen);
  return (
    <div className="round">
      <NotUpToDate failure={failure} foundAtMs={foundAtMs} language={language} />
      <h2>
        {say('roundTitle')}
        {found.day !== undefined && (
          <time dateTime={found.day}> {dateIn(language, Date.parse(`${found.day}T12:00`))}</time>
        )}
      </h2>
      {found.stops.length === 0 ? (
        <Notice happened={say('roundNone')} means={say('roundNoneMeans')} />
      ) : (
        <p>
          {say('roundOf', { count: numberIn(language, found.stops.length), way: sayWay(found.distanceM, language) })}
        </p>
      )}
      {guides.length > 0 && (
        <select value={chosen} aria-label={say('roundWho')} onChange={(event) => setGuide(event.target.value)}>
          <option value="">{say('roundEverybody')}</option>
          {guides.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      <ol className="stops">
        {stops.map((stop) => (
          <StopCard key={stop.taskId} stop={stop} number={found.stops.indexOf(stop) + 1} language={language} />
        ))}
      </ol>
    </div>
  );
}

const Failed = ({ reason, language }: { readonly reason: string; readonly language: Language }) => (
  <Notice
    isAlert
    happened={textIn(language)('roundFailed')}
    means={reasonIn(language, reason)}
    whatToDo={textIn(language)('roundFailedDo')}
  />
);

interface StopCardProps {
  readonly stop: RoundStop;
  /** In the round of all of them. */
  readonly number: number;
  readonly language: Language;
}

function StopCard({ stop, number, language }: StopCardProps) {
  const { taskId, orderId, recipient, address, phone, visit } = stop;
  const say = textIn(language);
  const whereTo = [recipient, address].filter((part) => part !== undefined).join(' · ');
  const order = say('orderNumber', { id: orderId });
  // Where nobody knows for whom it is, the order's number is the heading and need not be said twice.
  const under = [...(whereTo === '' ? [] : [order]), ...(visit ? [say('broughtBy', { guide: visit.guide })] : [])];
  return (
    <li className="stop" data-stop={taskId} data-late={stop.lateBecause}>
      <span className="stop-number">{numberIn(language, number)}</span>
      <div>
        <b>{whereTo || order}</b>
        {under.length > 0 && <p className="stop-order">{under.join(' · ')}</p>}
        {stopNotes(stop, language).map(({ text, isUrgent }) => (
          <p key={text} className={isUrgent ? 'task-note urgent' : 'task-note'}>
            {text}
          </p>
        ))}
        {phone !== undefined && (
          <a className="page-link" href={`tel:${phone}`}>
            {say('stopCall', { phone })}
          </a>
        )}
      </div>
    </li>
  );
}
