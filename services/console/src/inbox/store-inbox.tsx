import { type Language, numberIn, type Say, textIn, timeIn } from '../language.js';
import { Notice } from '../notice.js';
import { useNow } from '../use-now.js';
import { answerWords } from './answer-words.js';
import { TaskCard } from './task-card.js';
import { inOrder, isNew } from './task-order.js';
import { useProductNames } from './use-product-names.js';
import { useRing } from './use-ring.js';
import type { StoreTasks } from './use-store-tasks.js';
import { type NotDone, useTaskActions } from './use-task-actions.js';

interface StoreInboxProps {
  readonly inbox: StoreTasks;
  readonly language: Language;
}
const EVERY_MS = 1000;

/** The open tasks of one store, and all that can be done with them. */
export function StoreInbox({ inbox, language }: StoreInboxProps) {
  const { connection, state, isComplete } = inbox;
  const nowMs = useNow(EVERY_MS);
  const names = useProductNames(inbox.tasks.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const { sending, notDone, act, dismiss } = useTaskActions(connection);
  const tasks = inOrder(inbox.tasks);
  const fresh = tasks.filter(isNew);
  const newest = fresh.map(({ taskId }) => taskId).join('\n');
  const ring = useRing(newest === '' ? undefined : newest);
  const say = textIn(language);
  const isOffline = state !== 'live';
  const refused = notDone && <NotDoneNotice notDone={notDone} inbox={inbox} language={language} onClose={dismiss} />;
  // Told where it was pressed, as long as that is to be seen: the top may be far away.
  const refusedIn = tasks.find(({ taskId }) => taskId === notDone?.task.taskId)?.taskId;
  return (
    <>
      <div className="inbox-bar">
        <span className={`badge ${state}`} role="status" data-state={state}>
          <span className="dot" aria-hidden="true" />
          {isOffline ? say(state) : say('online')}
        </span>
        <button type="button" aria-pressed={ring.isOn} onClick={ring.toggle}>
          {say(ring.isOn ? 'soundOn' : 'soundOff')}
        </button>
      </div>
      <InboxNotice inbox={inbox} language={language} />
      {refusedIn === undefined && refused}
      <p className={`ringing ${fresh.length > 0 ? 'on' : ''}`} role="status">
        {fresh.length === 1 && say('newOne')}
        {fresh.length > 1 && say('newMany', { count: numberIn(language, fresh.length) })}
      </p>
      {tasks.length === 0 && !isOffline && <Empty isComplete={isComplete} say={say} />}
      <ul className={`tasks ${isOffline ? 'stale' : ''}`} aria-label={say('openTasks')}>
        {tasks.map((task) => (
          <TaskCard
            key={task.taskId}
            task={task}
            names={names}
            nowMs={nowMs}
            isOffline={isOffline}
            sending={sending.get(task.taskId)}
            language={language}
            notice={refusedIn === task.taskId ? refused : undefined}
            onAct={(...step) => void act(...step)}
          />
        ))}
      </ul>
    </>
  );
}

const Empty = ({ isComplete, say }: { readonly isComplete: boolean; readonly say: Say }) =>
  isComplete ? (
    <Notice happened={say('nothingHappened')} means={say('nothingMeans')} />
  ) : (
    <Notice happened={say('fetching')} />
  );

/** Why what is shown may be old. A first connection that takes no longer than usual is no news. */
function InboxNotice({ inbox: { state, problem, offlineSinceMs }, language }: StoreInboxProps) {
  const say = textIn(language);
  if (problem)
    return (
      <Notice
        isAlert
        happened={say('inboxRefusedHappened')}
        means={`${problem.title}. ${problem.detail}`}
        whatToDo={say('inboxRefusedDo')}
      />
    );
  if (state === 'live' || (state === 'connecting' && offlineSinceMs === undefined)) return null;
  const means =
    offlineSinceMs === undefined
      ? say('offlineNever')
      : say('offlineSince', { time: timeIn(language, offlineSinceMs) });
  return <Notice isAlert happened={say('offlineHappened')} means={means} whatToDo={say('offlineDo')} />;
}

interface NotDoneNoticeProps extends StoreInboxProps {
  readonly notDone: NotDone;
  readonly onClose: () => void;
}
function NotDoneNotice({ notDone: { task, action, answer }, inbox, language, onClose }: NotDoneNoticeProps) {
  const say = textIn(language);
  const now = inbox.tasks.find(({ taskId }) => taskId === task.taskId);
  return (
    <Notice
      isAlert
      happened={say('notDone', { action: say(action), id: task.channelOrder ?? task.orderId })}
      means={answerWords(answer, now, language)}
    >
      <button type="button" onClick={onClose}>
        {say('dismiss')}
      </button>
    </Notice>
  );
}
