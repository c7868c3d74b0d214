import type { Say } from '../language.js';

interface FormButtonsProps {
  readonly send: string;
  readonly isDisabled: boolean;
  readonly say: Say;
  readonly onBack: () => void;
}
export const FormButtons = ({ send, isDisabled, say, onBack }: FormButtonsProps) => (
  <div className="task-buttons">
    <button type="submit" className="main-action" disabled={isDisabled}>
      {send}
    </button>
    <button type="button" onClick={onBack}>
      {say('back')}
    </button>
  </div>
);
