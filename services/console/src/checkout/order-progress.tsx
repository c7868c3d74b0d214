import { useTrackedOrder } from '@shelfline/client/react';
import type { StorefrontConnection, TrackedOrder } from '@shelfline/client/storefront';
import { METHOD_TERMS, ORDER_STATE_TERMS, TASK_STATE_TERMS } from '@shelfline/contracts/order-terms';
import { type Language, numberIn, textIn, timeIn } from '../language.js';
import { orderNotes } from './order-notes.js';

interface OrderProgressProps {
  readonly connection: StorefrontConnection;
  readonly token: string;
  readonly language: Language;
}

/** The order as its customer follows it, each state as it comes. */
export function OrderProgress({ connection, token, language }: OrderProgressProps) {
  const order = useTrackedOrder(connection, token);
  const say = textIn(language);
  if (!order) return <p role="status">{say('orderSoon')}</p>;
  return (
    <div className="order-progress" data-state={order.state}>
      <p role="status">
        <b>{ORDER_STATE_TERMS[order.state][language]}</b> · {METHOD_TERMS[order.method][language]}
      </p>
      {orderNotes(order, language).map((note) => (
        <p key={note}>{note}</p>
      ))}
      {order.parcels.map((parcel) => (
        <Parcel key={parcel.number} parcel={parcel} language={language} />
      ))}
    </div>
  );
}

interface ParcelProps {
  readonly parcel: TrackedOrder['parcels'][number];
  readonly language: Language;
}
function Parcel({ parcel: { number, state, steps, tracking }, language }: ParcelProps) {
  const say = textIn(language);
  return (
    <section className="parcel" data-state={state}>
      <h3>{say('parcelNow', { number: numberIn(language, number), state: TASK_STATE_TERMS[state][language] })}</h3>
      {tracking !== undefined && <p>{say('parcelNumber', { tracking })}</p>}
      <ol>
        {steps.map((step) => (
          <li key={`${step.state}${step.at}`}>
            <time dateTime={step.at}>{timeIn(language, Date.parse(step.at))}</time>{' '}
            {TASK_STATE_TERMS[step.state][language]}
          </li>
        ))}
      </ol>
    </section>
  );
}
