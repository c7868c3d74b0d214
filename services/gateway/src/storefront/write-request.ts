import type { Socket as TcpSocket } from 'node:net';

/**
 * What every write of a stream ends in within Node: not documented, so all of it is checked before use. A write that
 * the network takes at once leaves its request untouched; one that it takes later keeps it until `oncomplete`.
 */
interface WriteRequest {
  oncomplete?: (status: number) => void;
  getAsyncId(): number;
}
export interface StreamHandle {
  /** Answers 0 or the system's error number. */
  writeLatin1String(request: WriteRequest, text: string): number;
}

const UNTOUCHED = -1;

const makeRequest = requestMaker();
let spare = makeRequest?.();

function requestMaker(): (() => WriteRequest) | undefined {
  try {
    const { WriteWrap } = (
      process as unknown as { binding(name: string): { WriteWrap: new () => WriteRequest } }
    ).binding('stream_wrap');
    const make = (): WriteRequest => new WriteWrap();
    return make().getAsyncId() === UNTOUCHED ? make : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when this Node's streams are not as expected. */
export function handleOf(tcp: TcpSocket): StreamHandle | undefined {
  const handle = (tcp as unknown as { _handle?: Partial<StreamHandle> | null })._handle;
  return spare !== undefined && typeof handle?.writeLatin1String === 'function' ? (handle as StreamHandle) : undefined;
}

/**
 * Writes around the stream, whose queue must be empty. Nearly always the network takes the text within this call, and
 * then one request does for all sockets: the stream would make one for each write. Answers 0 when it did, the text's
 * bytes when it takes them later and calls `onTaken` then, and the system's error number (below 0) when it will not.
 */
export function writeAtOnce(handle: StreamHandle, text: string, onTaken: (status: number) => void): number {
  const request = spare!;
  const status = handle.writeLatin1String(request, text);
  if (status !== 0) return status;
  if (request.getAsyncId() === UNTOUCHED) return 0;
  spare = makeRequest!();
  request.oncomplete = onTaken;
  return text.length;
}
