import type { TrackedOrder } from '@shelfline/client/storefront';
import { METHOD_TERMS } from '@shelfline/contracts/order-terms';
import { type Language, momentIn, nameIn, numberIn, textIn } from '../language.js';
import { PickupCode } from './pickup-code.js';
import type { TrackedDetails } from './tracked-details.js';
import { orderWords, parcelWords, stepsOf } from './words.js';

interface TrackedOrderViewProps {
  readonly order: TrackedOrder;
  /** Absent until they have come. */
  readonly details: TrackedDetails | undefined;
  readonly language: Language;
}
type Parcel = TrackedOrder['parcels'][number];

/** The order for whoever ordered it: where it is, what comes next, what to show at the counter. */
export function TrackedOrderView({ order, details, language }: TrackedOrderViewProps) {
  const say = textIn(language);
  const { headline, next } = orderWords(order);
  const values = {
    count: numberIn(language, order.parcels.length),
    store: order.store ? nameIn(language, order.store) : '',
  };
  const isOver = order.state === 'COMPLETED' || order.state === 'CANCELLED' || order.state === 'PARTIALLY_COMPLETED';
  return (
    <div className="tracked" data-state={order.state}>
      <p className="track-number">
        <b>{say('trackOrder', { id: order.channelOrder ?? order.orderId })}</b> · {METHOD_TERMS[order.method][language]}
      </p>
      <section className="track-now" aria-live="polite">
        <h2>{say(headline, values)}</h2>
        {next && (
          <p>
            <span className="unseen">{say('trackNext')}: </span>
            {say(next, values)}
          </p>
        )}
        {details?.promisedBy !== undefined && !isOver && (
          <p className={order.state === 'WAITING' ? '' : 'promised'}>
            {say(order.state === 'WAITING' ? 'trackMayBeLate' : 'trackPromised', {
              time: momentIn(language, Date.parse(details.promisedBy)),
            })}
          </p>
        )}
      </section>
      {order.store && order.state !== 'CANCELLED' && headline !== 'trackREADY_FOR_PICKUP' && (
        <p className="track-store">{say('collectAt', { store: values.store })}</p>
      )}
      {details?.waiting.map((waiting) => (
        <PickupCode key={waiting.taskId} waiting={waiting} language={language} />
      ))}
      {order.parcels.map((parcel) => (
        <ParcelSteps key={parcel.number} parcel={parcel} order={order} language={language} />
      ))}
      <Products order={order} details={details} language={language} />
    </div>
  );
}

interface ParcelStepsProps extends Pick<TrackedOrderViewProps, 'order' | 'language'> {
  readonly parcel: Parcel;
}
function ParcelSteps({ parcel, order, language }: ParcelStepsProps) {
  const say = textIn(language);
  const { method, parcels, placedAt } = order;
  const number = parcels.indexOf(parcel) + 1;
  return (
    <section className="track-parcel" data-state={parcel.state} aria-label={say('trackSteps')}>
      {parcels.length > 1 && (
        <h3>
          {say('trackParcelOf', { number: numberIn(language, number), count: numberIn(language, parcels.length) })}:{' '}
          {say(parcelWords(parcel, method).headline)}
        </h3>
      )}
      {parcel.tracking !== undefined && <p>{say('parcelNumber', { tracking: parcel.tracking })}</p>}
      <ol>
        {stepsOf(parcel, method, placedAt).map(({ text, at, isNow }) => (
          <li
            key={text}
            className={at === undefined ? 'to-come' : isNow ? 'now' : 'done'}
            aria-current={isNow ? 'step' : undefined}
          >
            <span>{say(text)}</span>
            {at !== undefined && <time dateTime={at}>{momentIn(language, Date.parse(at))}</time>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Products({ order, details, language }: TrackedOrderViewProps) {
  const say = textIn(language);
  const names = new Map(details?.products.map((product) => [product.sku, product]));
  return (
    <section className="track-products">
      <h3>{say('trackProducts')}</h3>
      <ul>
        {order.lines.map(({ lineId, sku, quantity, cancelledUnits }) => {
          const product = names.get(sku);
          return (
            <li key={lineId}>
              <b>{numberIn(language, quantity)} ×</b> {product ? nameIn(language, product) : sku}
              {cancelledUnits > 0 && (
                <small> {say('trackLeftOut', { count: numberIn(language, cancelledUnits) })}</small>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
