import type { Said, StoreTask } from '@shelfline/client/store';
import { type FormEvent, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { type Language, nameIn, textIn } from '../language.js';
import type { TextKey } from '../texts.js';
import { FormButtons } from './form-buttons.js';
import { rejectedLines, unitsByLine } from './rejected-lines.js';

const REASONS = ['reasonNotFound', 'reasonDamaged', 'reasonBusy', 'reasonClosing', 'reasonOther'] as const;

interface RejectFormProps {
  readonly task: StoreTask;
  readonly names: ReadonlyMap<string, CatalogueProduct>;
  readonly language: Language;
  readonly isDisabled: boolean;
  readonly onSay: (said: Said) => void;
  readonly onBack: () => void;
}

/** All of it unless less is typed in: what stays is still done here. */
export function RejectForm({ task, names, language, isDisabled, onSay, onBack }: RejectFormProps) {
  const say = textIn(language);
  const [reason, setReason] = useState<TextKey>('reasonNotFound');
  const [words, setWords] = useState('');
  const [units, setUnits] = useState<ReadonlyMap<string, number>>(new Map());
  const lines = unitsByLine(task);
  const isOther = reason === 'reasonOther';
  const rejected = rejectedLines(lines, units);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const why = { reason: isOther ? words.trim() : say(reason) };
    onSay(rejected === 'all' ? why : { ...why, lines: rejected });
  };
  const nameOf = (sku: string) => {
    const product = names.get(sku);
    return product ? nameIn(language, product) : sku;
  };
  return (
    <form className="task-form" onSubmit={send}>
      <label>
        {say('rejectWhy')}
        <select value={reason} onChange={(event) => setReason(event.target.value as TextKey)}>
          {REASONS.map((key) => (
            <option key={key} value={key}>
              {say(key)}
            </option>
          ))}
        </select>
      </label>
      {isOther && (
        <label>
          {say('reasonText')}
          <input
            type="text"
            value={words}
            required
            pattern=".*\S.*"
            maxLength={200}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      )}
      {lines.length + lines[0]!.quantity > 2 && (
        <fieldset className="reject-lines">
          <legend>{say('rejectWhich')}</legend>
          {lines.map(({ lineId, sku, quantity }) => (
            <label key={lineId}>
              {nameOf(sku)}
              <input
                type="number"
                min={0}
                max={quantity}
                required
                value={units.get(lineId) ?? quantity}
                onChange={(event) => setUnits(new Map(units).set(lineId, event.target.valueAsNumber || 0))}
              />
            </label>
          ))}
        </fieldset>
      )}
      <FormButtons
        send={say(rejected === 'all' ? 'rejectDo' : 'rejectLinesDo')}
        isDisabled={isDisabled || rejected.length === 0}
        say={say}
        onBack={onBack}
      />
    </form>
  );
}
