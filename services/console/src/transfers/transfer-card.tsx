import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { Answered } from '../store-rest.js';
import { reasonIn } from '../unanswered.js';
import { usePlaces } from '../use-places.js';
import { receivedLines, type StoreTransfer, shippedLines, type TransferLine, type Units } from './transfers-desk.js';

type Step = 'ship' | 'receive' | 'close';
interface TransferCardProps {
  readonly transfer: StoreTransfer;
  readonly side: 'incoming' | 'outgoing';
  readonly names: ReadonlyMap<string, CatalogueProduct>;
  readonly language: Language;
  readonly onStep: (action: Step, said: object) => Promise<Answered<StoreTransfer>>;
}

export function TransferCard({ transfer, side, names, language, onStep }: TransferCardProps) {
  const [units, setUnits] = useState<Units>({});
  const [damaged, setDamaged] = useState<Units>({});
  const [message, setMessage] = useState('');
  const places = usePlaces();
  const say = textIn(language);
  const { transferId, state, orderId, lines, actions, overdue } = transfer;
  const other = side === 'incoming' ? transfer.from : transfer.to;
  const place = places.find(({ code }) => code === other);
  const placeName = place ? nameIn(language, place) : other;
  const step: Step = side === 'incoming' ? 'receive' : 'ship';
  const missing = lines.reduce((sum, { inTransitUnits }) => sum + inTransitUnits, 0);
  const act = async (action: Step, said: object): Promise<void> => {
    const answer = await onStep(action, said);
    if (answer.kind !== 'done') setMessage(notDoneWords(answer, language));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said =
      step === 'ship' ? shippedLines(transfer, units) : receivedLines(transfer, units, damaged, say('transferDamaged'));
    void act(step, { lines: said });
  };
  const isOpen = state === 'REQUESTED' || state === 'RESERVING' || state === 'APPROVED' || state === 'IN_TRANSIT';
  return (
    <li className="task" data-transfer={transferId} data-state={state}>
      <h2>{say('transferNumber', { id: transferId })}</h2>
      <p>
        {say(side === 'incoming' ? 'transferFrom' : 'transferTo', { place: placeName })}
        {isOpen && ` · ${say(`transfer${state}`)}`}
      </p>
      {orderId !== undefined && <p>{say('transferForOrder', { id: orderId })}</p>}
      {overdue > 0 && <p className="task-note urgent">{say('transferOverdue')}</p>}
      <form onSubmit={submit}>
        {lines.map((line) => (
          <LineFields
            key={line.lineId}
            line={line}
            step={actions.includes(step) ? step : undefined}
            name={nameOf(line.sku, names, language)}
            units={units}
            damaged={damaged}
            language={language}
            onUnits={setUnits}
            onDamaged={setDamaged}
          />
        ))}
        <div className="task-buttons">
          {actions.includes(step) && (
            <button type="submit" className="main-action">
              {say(step === 'ship' ? 'transferShip' : 'transferReceive')}
            </button>
          )}
          {side === 'incoming' && actions.includes('close') && missing > 0 && (
            <button
              type="button"
              title={say('transferCloseHint', { count: numberIn(language, missing) })}
              onClick={() => void act('close', { reason: say('transferMissing') })}
            >
              {say('transferClose')}
            </button>
          )}
        </div>
        <output aria-live="polite">{message}</output>
      </form>
    </li>
  );
}

const notDoneWords = ({ kind, reason }: Exclude<Answered<unknown>, { kind: 'done' }>, language: Language): string =>
  textIn(language)(kind === 'refused' ? 'transferNotDone' : 'transferUncertain', {
    reason: reasonIn(language, reason),
  });

const nameOf = (sku: string, names: ReadonlyMap<string, CatalogueProduct>, language: Language): string => {
  const product = names.get(sku);
  return product ? nameIn(language, product) : sku;
};

interface LineFieldsProps {
  readonly line: TransferLine;
  /** Undefined where nothing can be done with it here now. */
  readonly step: 'ship' | 'receive' | undefined;
  readonly name: string;
  readonly units: Units;
  readonly damaged: Units;
  readonly language: Language;
  readonly onUnits: (units: Units) => void;
  readonly onDamaged: (units: Units) => void;
}
function LineFields({ line, step, name, units, damaged, language, onUnits, onDamaged }: LineFieldsProps) {
  const say = textIn(language);
  const { lineId, requestedUnits, heldUnits, inTransitUnits } = line;
  const usual = step === 'ship' ? heldUnits : inTransitUnits;
  if (step === undefined || usual === 0)
    return (
      <p className="return-line">
        <span>
          <b>{numberIn(language, usual || requestedUnits)} ×</b> {name}
        </span>
      </p>
    );
  const field = (label: string, caption: string, value: number, onChange: (value: number) => void) => (
    <label className="units-field">
      <span>{caption}</span>
      <input
        type="number"
        min={0}
        max={step === 'ship' ? heldUnits : 10_000}
        value={value}
        aria-label={label}
        onChange={(event) => onChange(event.target.valueAsNumber || 0)}
      />
    </label>
  );
  return (
    <div className="return-line">
      <span>
        <b>{numberIn(language, usual)} ×</b> {name}
      </span>
      {field(
        say(step === 'ship' ? 'unitsLeaving' : 'unitsCame', { name }),
        step === 'ship' ? '' : say('came'),
        units[lineId] ?? usual,
        (value) => onUnits({ ...units, [lineId]: value }),
      )}
      {step === 'receive' &&
        field(say('unitsDamaged', { name }), say('damaged'), damaged[lineId] ?? 0, (value) =>
          onDamaged({ ...damaged, [lineId]: value }),
        )}
    </div>
  );
}
