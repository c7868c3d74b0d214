import type { Said, StoreConnection, StoreTask, TaskAction, TaskAnswer } from '@shelfline/client/store';
import { useState } from 'react';

export interface NotDone {
  readonly task: StoreTask;
  readonly action: TaskAction;
  readonly answer: Extract<TaskAnswer, { ok: false }>;
}

const send = (connection: StoreConnection, taskId: string, action: TaskAction, said: Said): Promise<TaskAnswer> => {
  if (action === 'reject') return connection.reject(taskId, said.reason ?? '', said);
  if (action === 'hand_over') return connection.handOver(taskId, said);
  return connection[action](taskId, said);
};

/** One action of a task at a time; what a task shows is what the server told, never what was pressed. */
export function useTaskActions(connection: StoreConnection) {
  const [sending, setSending] = useState<ReadonlyMap<string, TaskAction>>(new Map());
  const [notDone, setNotDone] = useState<NotDone>();
  const act = async (task: StoreTask, action: TaskAction, said: Said): Promise<void> => {
    const { taskId } = task;
    setNotDone(undefined);
    setSending((before) => new Map(before).set(taskId, action));
    const answer = await send(connection, taskId, action, said);
    setSending((before) => new Map([...before].filter(([id]) => id !== taskId)));
    if (!answer.ok) setNotDone({ task, action, answer });
  };
  return { sending, notDone, act, dismiss: () => setNotDone(undefined) };
}
