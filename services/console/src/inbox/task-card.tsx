import type { Said, StoreTask, TaskAction } from '@shelfline/client/store';
import { METHOD_TERMS, TASK_STATE_TERMS } from '@shelfline/contracts/order-terms';
import { type ReactNode, useState } from 'react';
import type { CatalogueProduct } from '../catalogue.js';
import { dateIn, type Language, nameIn, numberIn, textIn, timeIn } from '../language.js';
import { countdownTo } from './countdown.js';
import { RejectForm } from './reject-form.js';
import { type AskingAction, isAsking, NumberForm } from './task-form.js';
import { taskNotes } from './task-notes.js';
import { isNew } from './task-order.js';
import { TaskParcel } from './task-parcel.js';

export interface TaskCardProps {
  readonly task: StoreTask;
  readonly names: ReadonlyMap<string, CatalogueProduct>;
  readonly nowMs: number;
  readonly isOffline: boolean;
  /** An action that is on its way. */
  readonly sending: TaskAction | undefined;
  readonly language: Language;
  /** What became of an action that was not done. */
  readonly notice: ReactNode;
  readonly onAct: (task: StoreTask, action: TaskAction, said: Said) => void;
}

export function TaskCard(props: TaskCardProps) {
  const { task, names, nowMs, language } = props;
  const say = textIn(language);
  const countdown = isNew(task) && task.acceptBy ? countdownTo(Date.parse(task.acceptBy), nowMs) : undefined;
  const { recipient, address, city } = task.destination ?? {};
  const where = [address, city].filter((part) => part !== undefined).join(', ');
  return (
    <li className={`task ${isNew(task) ? 'new' : ''}`} data-task={task.taskId} data-state={task.state}>
      <div className="task-head">
        <span className={`task-state ${task.state}`}>{TASK_STATE_TERMS[task.state][language]}</span>
        <span>{METHOD_TERMS[task.method][language]}</span>
        <time dateTime={task.placedAt}>{timeIn(language, Date.parse(task.placedAt))}</time>
      </div>
      <h2>{say('orderNumber', { id: task.channelOrder ?? task.orderId })}</h2>
      {countdown && (
        <p className={`countdown ${countdown.tone}`}>
          {countdown.tone === 'over' ? say('acceptOver') : say('acceptWithin', { time: countdown.text })}
        </p>
      )}
      {taskNotes(task, nowMs, language).map(({ text, isUrgent }) => (
        <p key={text} className={isUrgent ? 'task-note urgent' : 'task-note'}>
          {text}
        </p>
      ))}
      <ul className="task-lines">
        {task.lines.map(({ lineId, sku, quantity }) => {
          const product = names.get(sku);
          return (
            <li key={lineId}>
              <b>{numberIn(language, quantity)} ×</b> {product ? nameIn(language, product) : sku}{' '}
              {product && <small className="sku">{sku}</small>}
            </li>
          );
        })}
      </ul>
      {(recipient !== undefined || where !== '') && (
        <p className="task-where">
          {[recipient === undefined ? '' : say('forCustomer', { name: recipient }), where]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      )}
      {task.appointment && (
        <p className="task-appointment">
          {say('customerComes', {
            date: dateIn(language, Date.parse(task.appointment.start)),
            time: timeIn(language, Date.parse(task.appointment.start)),
          })}
        </p>
      )}
      <TaskParcel parcel={task.parcel} store={task.store} language={language} />
      {props.notice}
      <TaskActions {...props} />
    </li>
  );
}

function TaskActions({ task, names, isOffline, sending, language, onAct }: TaskCardProps) {
  const [asking, setAsking] = useState<AskingAction>();
  const say = textIn(language);
  const isDisabled = isOffline || sending !== undefined;
  // Another screen may have gone on meanwhile: what cannot be done any more is not asked about.
  const isShut = (action: TaskAction): boolean => action === 'hand_over' && task.handoverLocked === true;
  const asked = asking !== undefined && task.actions.includes(asking) && !isShut(asking) ? asking : undefined;
  const onBack = () => setAsking(undefined);
  const onSay = (said: Said): void => {
    onAct(task, asked!, said);
    // The task stays, and so would the question.
    if (said.lines) onBack();
  };
  const form = { isDisabled, onSay, onBack };
  if (asked === 'reject') return <RejectForm task={task} names={names} language={language} {...form} />;
  if (asked) return <NumberForm key={asked} action={asked} needsCode={task.method === 'pickup'} say={say} {...form} />;
  const [first] = task.actions;
  return (
    <div className="task-buttons">
      {task.actions.map((action) => (
        <button
          key={action}
          type="button"
          className={action === first ? 'main-action' : ''}
          disabled={isDisabled || isShut(action)}
          onClick={() => (isAsking(action) ? setAsking(action) : onAct(task, action, {}))}
        >
          {sending === action ? say('sending') : say(action)}
        </button>
      ))}
    </div>
  );
}
