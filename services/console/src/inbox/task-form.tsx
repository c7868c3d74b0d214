import type { Said, TaskAction } from '@shelfline/client/store';
import { type FormEvent, useState } from 'react';
import type { Say } from '../language.js';
import type { TextKey } from '../texts.js';

/** Actions with which something has to be, or may be, said. */
export type AskingAction = Extract<TaskAction, 'reject' | 'hand_over' | 'ship'>;
const ASKING: ReadonlySet<TaskAction> = new Set<AskingAction>(['reject', 'hand_over', 'ship']);
export const isAsking = (action: TaskAction): action is AskingAction => ASKING.has(action);

interface TaskFormProps {
  readonly action: AskingAction;
  /** It opens for the customer's code alone. */
  readonly needsCode: boolean;
  readonly isDisabled: boolean;
  readonly say: Say;
  readonly onSay: (said: Said) => void;
  readonly onBack: () => void;
}

const REASONS = ['reasonNotFound', 'reasonDamaged', 'reasonBusy', 'reasonClosing', 'reasonOther'] as const;
const WORDS = {
  hand_over: { label: 'codeLabel', hint: 'codeHint', send: 'handOverDo', field: 'code', maxLength: 160 },
  ship: { label: 'trackingLabel', hint: 'trackingHint', send: 'shipDo', field: 'tracking', maxLength: 100 },
} as const;

export function TaskForm({ action, ...rest }: TaskFormProps) {
  return action === 'reject' ? <RejectForm {...rest} /> : <NumberForm action={action} {...rest} />;
}

function RejectForm({ isDisabled, say, onSay, onBack }: Omit<TaskFormProps, 'action' | 'needsCode'>) {
  const [reason, setReason] = useState<TextKey>('reasonNotFound');
  const [words, setWords] = useState('');
  const isOther = reason === 'reasonOther';
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSay({ reason: isOther ? words.trim() : say(reason) });
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
      <FormButtons send={say('rejectDo')} isDisabled={isDisabled} say={say} onBack={onBack} />
    </form>
  );
}

interface NumberFormProps extends Omit<TaskFormProps, 'action'> {
  readonly action: 'hand_over' | 'ship';
}
function NumberForm({ action, needsCode, isDisabled, say, onSay, onBack }: NumberFormProps) {
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

interface FormButtonsProps extends Pick<TaskFormProps, 'isDisabled' | 'say' | 'onBack'> {
  readonly send: string;
}
const FormButtons = ({ send, isDisabled, say, onBack }: FormButtonsProps) => (
  <div className="task-buttons">
    <button type="submit" className="main-action" disabled={isDisabled}>
      {send}
    </button>
    <button type="button" onClick={onBack}>
      {say('back')}
    </button>
  </div>
);
