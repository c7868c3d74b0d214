export type StackServer = 'kafka' | 'mongodb';

/** What a caller may show while it waits. Times in milliseconds, `done`/`total` in the named unit. */
export type StackProgress =
  | { kind: 'preparing'; label: string; done?: number; total?: number; unit?: string; elapsedMs: number }
  | { kind: 'prepared'; label: string; elapsedMs: number }
  | { kind: 'waiting-for-lock'; label: string; pid: number }
  | { kind: 'removing-leftover'; name: string; pid: number }
  | { kind: 'starting'; server: StackServer; using: string }
  | { kind: 'ready'; server: StackServer; using: string; address: string; elapsedMs: number }
  | { kind: 'exited'; server: StackServer; name: string; code: number | null; signal: string | null; logFile: string };

export type OnProgress = (event: StackProgress) => void;

const seconds = (elapsedMs: number) => `${(elapsedMs / 1000).toFixed(1)} s`;

const clock = (elapsedMs: number) => {
  const whole = Math.floor(elapsedMs / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

const title = (server: StackServer) => (server === 'kafka' ? 'Kafka' : 'MongoDB');

/** One line of text for one event. */
export function formatProgress(event: StackProgress): string {
  switch (event.kind) {
    case 'preparing': {
      const counted = event.done === undefined ? '' : ` ${event.done} of ${event.total} ${event.unit}`;
      return `${event.label}…${counted} (${clock(event.elapsedMs)})`;
    }
    case 'prepared':
      return `${event.label}: done in ${clock(event.elapsedMs)}`;
    case 'waiting-for-lock':
      return `${event.label}: process ${event.pid} is already at it, waiting for it`;
    case 'removing-leftover':
      return `stopping ${event.name} (process ${event.pid}), left over from a run that was killed`;
    case 'starting':
      return `starting ${title(event.server)} (${event.using})…`;
    case 'ready':
      return `${title(event.server)} is ready at ${event.address} (${event.using}, ${seconds(event.elapsedMs)})`;
    case 'exited':
      return (
        `${event.name.startsWith('kafka') ? 'Kafka' : 'the MongoDB server'} (${event.name}) ended by itself ` +
        `(${event.signal ?? `code ${event.code}`}); its log: ${event.logFile}. What was acknowledged is kept; stop this ` +
        'and start it again.'
      );
  }
}
