import type { Said, TaskAction } from '@shelfline/client/store';
import { type FormEvent, useState } from 'react';
import type { Say } from '../language.js';
import { FormButtons } from './form-buttons.js';

/** Actions with which something has to be, or may be, said. */
export type AskingAction = Extract<TaskAction, 'reject' | 'hand_over' | 'ship'>;
const ASKING: ReadonlySet<TaskAction> = new Set<AskingAction>(['reject', 'hand_over', 'ship']);
export const isAsking = (action: TaskAction): action is AskingAction => ASKING.has(action);

const WORDS = {
  hand_over: { label: 'codeLabel', hint: 'codeHint', send: 'handOverDo', field: 'code', maxLength: 160 },
  ship: { label: 'trackingLabel', hint: 'trackingHint', send: 'shipDo', field: 'tracking', maxLength: 100 },
} as const;

interface NumberFormProps {
  readonly action: Exclude<AskingAction, 'reject'>;
  /** It opens for the customer's code alone. */
  readonly needsCode: boolean;
  readonly isDisabled: boolean;
  readonly say: Say;
  readonly onSay: (said: Said) => void;
  readonly onBack: () => void;
}
/** A number that goes with an action: the customer's code, or the parcel's. */
export function NumberForm({ action, needsCode, isDisabled, say, onSay, onBack }: NumberFormProps) {
  const [value, setValue] = useState('');
  const { label, hint: usualHint, send, field, maxLength } = WORDS[action];
  const isCodeNeeded = needsCode && action === 'hand_over';
  const hint = isCodeNeeded ? 'codeNeededHint' : usualHint;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const given = value.trim();
    onSay(given === '' ? {} : { [field]: given });
  };
  return (
    <form className="task-form" onSubmit={submit}>
      <label>
        {say(label)}
        <input
          type="text"
          value={value}
          required={isCodeNeeded}
          maxLength={maxLength}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          onChange={(event) => setValue(event.target.value)}
        />
        <small>{say(hint)}</small>
      </label>
      <FormButtons send={say(send)} isDisabled={isDisabled} say={say} onBack={onBack} />
    </form>
  );
}
