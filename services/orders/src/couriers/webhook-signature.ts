import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message that was caught and sent again later is refused; clocks may differ by so much. */
const GOOD_FOR_S = 300;
const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

const macOf = (secret: string, seconds: number, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();

/** Header `courier-signature`: HMAC-SHA256 over the second, a dot and the bytes of the body. */
export const signBody = (secret: string, body: Uint8Array, nowMs: number): string => {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${macOf(secret, seconds, body).toString('hex')}`;
};

export function isSigned(secret: string, body: Uint8Array, header: unknown, nowMs: number): boolean {
  const [, time = '', mac = ''] = FORM.exec(String(header)) ?? [];
  if (mac === '' || Math.abs(nowMs / 1000 - Number(time)) > GOOD_FOR_S) return false;
  return timingSafeEqual(macOf(secret, Number(time), body), Buffer.from(mac, 'hex'));
}
