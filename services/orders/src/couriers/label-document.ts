import { toSVG } from '@bwip-js/node';
import type { Parcel } from '../domain/couriers/parcel.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign]!);

const SIZE = 'width="100mm" height="150mm" viewBox="0 0 400 600"';
const LINE_HEIGHT = 26;

/** Code 128 holds the characters of ASCII; a number with others would have no label at all. */
const codeFor = (tracking: string) =>
  /^[\x20-\x7e]+$/.test(tracking) ? { bcid: 'code128', height: 20 } : { bcid: 'qrcode' };

/** The label that goes on the parcel: its number as Code 128 (else as QR code), and where it goes. */
export function labelDocument({ parcelId, courier, store, destination, lines }: Parcel, tracking: string): string {
  const { recipient, phone, address, city, region } = destination;
  const where = [recipient, address, [city, region].filter(Boolean).join(', '), phone];
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const words = [`${courier}  ·  ${store}`, parcelId, `${pieces} ×`, '', ...where.filter((line) => line)] as string[];
  const code = toSVG({ ...codeFor(tracking), text: tracking, includetext: true, scale: 2 });
  const text = words.map((line, i) => `<text x="20" y="${250 + i * LINE_HEIGHT}">${escaped(line)}</text>`).join('');
  const placed = code.replace('<svg ', '<svg x="20" y="20" width="360" height="180" ');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${SIZE} font-family="sans-serif" font-size="18"><rect width="400" height="600" fill="#fff"/>${placed}${text}</svg>`;
}
