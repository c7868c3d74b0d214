import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, numberIn, textIn } from '../language.js';
import type { Answered } from '../store-rest.js';
import { reasonIn } from '../unanswered.js';
import {
  type Choice,
  type Choices,
  CONDITIONS,
  type Condition,
  choiceOf,
  FATES,
  type Fate,
  type StoreReturn,
  withCondition,
} from './return-choices.js';

interface OpenReturnProps {
  readonly returned: StoreReturn;
  readonly names: ReadonlyMap<string, CatalogueProduct>;
  readonly language: Language;
  readonly onDecide: (choices: Choices) => Promise<Answered<StoreReturn>>;
}

/** A return that lies here: in which condition each line is, and what becomes of it. */
export function OpenReturn({ returned, names, language, onDecide }: OpenReturnProps) {
  const [choices, setChoices] = useState<Choices>({});
  const [isSending, setIsSending] = useState(false);
  const [message, setMessage] = useState('');
  const { orderId, returnId, channelOrder, state, lines } = returned;
  const say = textIn(language);
  const decide = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsSending(true);
    const answer = await onDecide(choices);
    setIsSending(false);
    if (answer.kind !== 'done')
      setMessage(
        say(answer.kind === 'refused' ? 'returnNotDone' : 'returnUncertain', {
          reason: reasonIn(language, answer.reason),
        }),
      );
  };
  return (
    <li className="task" data-return={`${orderId}/${returnId}`} data-state={state}>
      <h2>{say('returnOf', { id: channelOrder ?? orderId })}</h2>
      {(state === 'HELD' || state === 'REQUESTED' || state === 'RECEIVED') && <p>{say(`return${state}`)}</p>}
      <form onSubmit={(event) => void decide(event)}>
        {lines
          .filter(({ receivedUnits, disposedUnits }) => receivedUnits > disposedUnits)
          .map(({ lineId, sku, receivedUnits, disposedUnits }) => {
            const product = names.get(sku);
            return (
              <LineChoice
                key={lineId}
                name={product ? nameIn(language, product) : sku}
                units={receivedUnits - disposedUnits}
                choice={choiceOf(choices, lineId)}
                language={language}
                onChoose={(choice) => setChoices({ ...choices, [lineId]: choice })}
              />
            );
          })}
        {state === 'RECEIVED' && (
          <button type="submit" className="main-action" disabled={isSending}>
            {say(isSending ? 'sending' : 'decideReturn')}
          </button>
        )}
        <output aria-live="polite">{message}</output>
      </form>
    </li>
  );
}

interface LineChoiceProps {
  readonly name: string;
  readonly units: number;
  readonly choice: Choice;
  readonly language: Language;
  readonly onChoose: (choice: Choice) => void;
}
function LineChoice({ name, units, choice, language, onChoose }: LineChoiceProps) {
  const say = textIn(language);
  return (
    <div className="return-line">
      <span>
        <b>{numberIn(language, units)} ×</b> {name}
      </span>
      <select
        value={choice.condition}
        aria-label={say('condition', { name })}
        onChange={(event) => onChoose(withCondition(event.target.value as Condition))}
      >
        {CONDITIONS.map((condition) => (
          <option key={condition} value={condition}>
            {say(`condition_${condition}`)}
          </option>
        ))}
      </select>
      <select
        value={choice.fate}
        aria-label={say('fate', { name })}
        onChange={(event) => onChoose({ ...choice, fate: event.target.value as Fate })}
      >
        {FATES.map((fate) => (
          <option key={fate} value={fate}>
            {say(`fate_${fate}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
