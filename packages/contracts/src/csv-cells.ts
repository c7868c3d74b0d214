/**
 * Spreadsheets run a cell beginning with = + - @ tab or CR as a formula. Such a cell gets a leading apostrophe, and
 * reading takes one off again; a text that itself begins with apostrophes before such a character gets one more, so
 * that every text comes back as it was. A plain negative number is no formula and stays a number.
 */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/;

export const guardFormula = (text: string): string =>
  FORMULA.test(text) && !NEGATIVE_NUMBER.test(text) ? `'${text}` : text;
export const unguardFormula = (text: string): string => (GUARDED.test(text) ? text.slice(1) : text);

export type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };
export type CellType = 'text' | 'number' | 'flag' | 'hours' | 'json';

export function readCell(type: CellType, cell: string): Reading {
  const text = unguardFormula(cell);
  switch (type) {
    case 'text':
      return { ok: true, value: text };
    case 'number':
      return readNumber(text.trim());
    case 'flag':
      return readFlag(text.trim().toLowerCase());
    case 'hours':
      return readOpeningHours(text);
    case 'json':
      return readJson(text);
    default:
      return type satisfies never;
  }
}

/** Text of a value; absent = empty. */
export function cellFor(type: CellType, value: unknown): string {
  if (value === undefined || value === null) return '';
  switch (type) {
    case 'text':
      return guardFormula(String(value as string | number));
    case 'number':
    case 'flag':
      return String(value as number | boolean);
    case 'hours':
      return writeOpeningHours(value as readonly OpeningTime[]);
    case 'json':
      return JSON.stringify(value);
    default:
      return type satisfies never;
  }
}

function readNumber(text: string): Reading {
  const plain = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text);
  if (!plain) return { ok: false, detail: 'not a number; write digits with a decimal point and no separators' };
  return { ok: true, value: Number(text) };
}

function readFlag(text: string): Reading {
  if (['true', '1', 'yes', '是'].includes(text)) return { ok: true, value: true };
  if (['false', '0', 'no', '否'].includes(text)) return { ok: true, value: false };
  return { ok: false, detail: 'write true or false' };
}

function readJson(text: string): Reading {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, detail: 'not valid JSON' };
  }
}

interface OpeningTime {
  readonly day: number;
  readonly opens: string;
  readonly closes: string;
}

/** `1 09:00-21:00; 2 09:00-21:00`: ISO weekday, then local times. The times themselves are the schema's to check. */
function readOpeningHours(text: string): Reading {
  const times: OpeningTime[] = [];
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const match = /^\s*([1-7])\s+(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})\s*$/.exec(part);
    if (!match)
      return {
        ok: false,
        detail: 'write weekday (1 = Monday) and times, several by ";", as 1 09:00-21:00; 2 09:00-21:00',
      };
    times.push({ day: Number(match[1]), opens: match[2]!, closes: match[3]! });
  }
  return { ok: true, value: times };
}

const writeOpeningHours = (times: readonly OpeningTime[]): string =>
  times.map(({ day, opens, closes }) => `${day} ${opens}-${closes}`).join('; ');
