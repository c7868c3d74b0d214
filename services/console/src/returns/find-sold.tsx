import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { useProductNames } from '../inbox/use-product-names.js';
import { type Language, momentIn, nameIn, numberIn, textIn } from '../language.js';
import { shortId } from '../send-delta.js';
import { reasonIn } from '../unanswered.js';
import type { ReturnsDesk, SoldOrder } from './returns-desk.js';

interface FindSoldProps {
  readonly desk: ReturnsDesk;
  readonly language: Language;
  readonly onTakenIn: () => void;
}

/** From a number to what the customer may bring back of it. */
export function FindSold({ desk, language, onTakenIn }: FindSoldProps) {
  const [number, setNumber] = useState('');
  const [found, setFound] = useState<{ readonly number: string; readonly orders: readonly SoldOrder[] }>();
  const [message, setMessage] = useState('');
  const names = useProductNames((found?.orders ?? []).flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const say = textIn(language);
  const look = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const asked = number.trim();
    const answer = await desk.findSold(asked);
    if (answer.kind === 'done') {
      setFound({ number: asked, orders: answer.value });
      setMessage(answer.value.length === 0 ? say('soldNone', { number: asked }) : '');
    } else
      setMessage(
        say(answer.kind === 'refused' ? 'returnNotDone' : 'returnUncertain', {
          reason: reasonIn(language, answer.reason),
        }),
      );
  };
  return (
    <section>
      <form className="task-form" onSubmit={(event) => void look(event)}>
        <label>
          {say('findSold')}
          <input
            type="text"
            value={number}
            required
            pattern=".*\S.*"
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setNumber(event.target.value)}
          />
          <small>{say('findSoldHint')}</small>
        </label>
        <button type="submit" className="main-action">
          {say('findSoldDo')}
        </button>
      </form>
      <output aria-live="polite">{message}</output>
      {found?.orders.map((order) => (
        <SoldLines
          key={order.orderId}
          order={order}
          names={names}
          desk={desk}
          language={language}
          onTakenIn={() => {
            setFound(undefined);
            setNumber('');
            onTakenIn();
          }}
        />
      ))}
    </section>
  );
}

interface SoldLinesProps extends FindSoldProps {
  readonly order: SoldOrder;
  readonly names: ReadonlyMap<string, CatalogueProduct>;
}
function SoldLines({ order, names, desk, language, onTakenIn }: SoldLinesProps) {
  const [units, setUnits] = useState<Readonly<Record<string, number>>>({});
  // Of this form: pressed again after no answer came, it is the same return.
  const [returnId] = useState(() => `r-${shortId()}`);
  const [message, setMessage] = useState('');
  const say = textIn(language);
  const lines = order.lines.filter(({ returnableUnits }) => returnableUnits > 0);
  const chosen = lines.flatMap(({ lineId }) => (units[lineId] ? [{ lineId, units: units[lineId] }] : []));
  const take = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await desk.takeIn(order.orderId, returnId, chosen);
    if (answer.kind === 'done') onTakenIn();
    else
      setMessage(
        say(answer.kind === 'refused' ? 'returnNotDone' : 'returnUncertain', {
          reason: reasonIn(language, answer.reason),
        }),
      );
  };
  const time = momentIn(language, Date.parse(order.placedAt));
  return (
    <form className="task sold" data-sold={order.orderId} onSubmit={(event) => void take(event)}>
      <h2>{say('soldOrder', { id: order.channelOrder ?? order.orderId, time })}</h2>
      {lines.length === 0 && <p>{say('soldNothingLeft')}</p>}
      {lines.map(({ lineId, sku, returnableUnits }) => {
        const product = names.get(sku);
        const name = product ? nameIn(language, product) : sku;
        return (
          <label key={lineId} className="sold-line">
            <span>{name}</span>
            <input
              type="number"
              min={0}
              max={returnableUnits}
              value={units[lineId] ?? 0}
              aria-label={say('returnedUnits', { name })}
              onChange={(event) => setUnits({ ...units, [lineId]: event.target.valueAsNumber || 0 })}
            />
            <span>{say('ofReturnable', { count: numberIn(language, returnableUnits) })}</span>
          </label>
        );
      })}
      {lines.length > 0 && (
        <button type="submit" className="main-action" disabled={chosen.length === 0}>
          {say('takeIn')}
        </button>
      )}
      <output aria-live="polite">
        {message || (lines.length > 0 && chosen.length === 0 ? say('takeInHint') : '')}
      </output>
    </form>
  );
}
