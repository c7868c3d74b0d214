import { problem } from '@shelfline/service-kit/problem';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON as RFC 8259 wants it, in UTF-8: replaced characters would be stored as other SKUs. Throws a 400 problem. */
export function parseStrictJson(body: Uint8Array): unknown {
  if (body.length === 0) throw unreadable('The body is empty.');
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw unreadable('The body is not valid UTF-8.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(`The body is not valid JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
}

const unreadable = (what: string) =>
  problem(400, 'bad-request', 'The request cannot be read', `${what} Nothing was taken; correct it and send it again.`);
