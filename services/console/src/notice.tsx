import type { ReactNode } from 'react';

interface NoticeProps {
  readonly happened: string;
  readonly means?: string;
  readonly whatToDo?: string;
  readonly isAlert?: boolean;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** Says what happened, what it means and what to do. */
export function Notice({ happened, means, whatToDo, isAlert = false, children }: NoticeProps) {
  return (
    <div className={`notice ${isAlert ? 'alert' : ''}`} role={isAlert ? 'alert' : 'status'}>
      <h2>{happened}</h2>
      {means && <p>{means}</p>}
      {whatToDo && <p>{whatToDo}</p>}
      {children}
    </div>
  );
}
