import { fieldPath } from './field-path.js';
import type { SchemaIssue } from './schema-issue.js';

type Issue = SchemaIssue;

/** What is wrong with one field, as a person would say it; `words` continue a sentence that begins with the field. */
export interface FieldFault {
  /** As `lines[0].sku`, empty for the whole value. */
  readonly path: string;
  readonly words: string;
}

/**
 * What a schema found, in words: the field, what it must be, its limit. The one place that knows a validator's own texts,
 * so that none of them reaches people. Of the value only numbers are repeated.
 */
export function faultsIn(issues: readonly Issue[], value: unknown): FieldFault[] {
  const found = new Map<string, FieldFault>();
  for (const issue of issues) {
    const path = fieldPath(...issue.path);
    if (isUnsafeInteger(issue) && issues.some((other) => isLimitBeside(other, issue))) continue;
    const fault = { path, words: wordsOf(issue, valueAt(value, issue.path)) };
    found.set(`${path} ${fault.words}`, fault);
  }
  return [...found.values()];
}

const BEGINS_AS_PREDICATE = /^(must|is|are|has|holds|may|comes|lies|names) /;

/** One fault as a sentence without its full stop; `whole` names the value itself. */
export const sayFault = ({ path, words }: FieldFault, whole = 'the value'): string =>
  `${path === '' ? whole : path}${BEGINS_AS_PREDICATE.test(words) ? '' : ':'} ${words}`;

const SAID = 20;
/** Every finding about a value in words, joined. */
export function sayIssues(issues: readonly Issue[], value: unknown, whole = 'the value'): string {
  const faults = faultsIn(issues, value);
  const more = faults.length > SAID ? `; and ${faults.length - SAID} more` : '';
  return `${faults
    .slice(0, SAID)
    .map((fault) => sayFault(fault, whole))
    .join('; ')}${more}`;
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((within, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key], value);

const isUnsafeInteger = (issue: Issue): boolean =>
  (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) ||
  (issue.code === 'too_small' && issue.minimum === Number.MIN_SAFE_INTEGER);
/** Zod names the largest safe integer beside the limit of the field, which is the one to know. */
const isLimitBeside = (other: Issue, issue: Issue): boolean =>
  other !== issue && other.code === issue.code && String(other.path) === String(issue.path) && !isUnsafeInteger(other);

function wordsOf(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined && value !== undefined)
    return `must be one of ${listed(optionsOf(issue))}`;
  // What a schema asks of several fields together it says itself: one of them alone need not be there.
  if (value === undefined) return (issue.code === 'custom' ? ownWords(issue) : undefined) ?? 'is missing';
  if (value === null) return 'must not be null; leave it out when there is none';
  switch (issue.code) {
    case 'invalid_type':
      return wordsOfType(issue.expected, value);
    case 'too_small':
    case 'too_big':
      return wordsOfLimit(issue, value);
    case 'invalid_value':
      return issue.values.includes('true')
        ? 'must be true or false'
        : `must be ${issue.values.length > 1 ? 'one of ' : ''}${listed(issue.values)}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? ownWords(issue) ?? 'is not written as it must be';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `holds ${issue.keys.length > 1 ? 'fields that are' : 'a field that is'} not known here: ${listed(issue.keys)}; leave ${issue.keys.length > 1 ? 'them' : 'it'} out`;
    case 'invalid_key':
      return `is a name that is not taken: it ${issue.issues.map((inner) => wordsOf(inner, issue.path.at(-1))).join(', ')}`;
    case 'invalid_union':
      return wordsOfUnion(issue, value);
    case 'invalid_element':
    case 'custom':
      return ownWords(issue) ?? 'is not taken as it is';
  }
}

/** Written with the schema; the validator's own texts begin with one of these. */
function ownWords({ message }: Issue): string | undefined {
  if (/^(Invalid|Too (big|small)|Unrecognized)\b/.test(message)) return undefined;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

const listed = (values: readonly unknown[]): string =>
  values.slice(0, 30).map(String).join(', ') + (values.length > 30 ? ' …' : '');

const optionsOf = (issue: Issue): readonly unknown[] => (issue as { options?: readonly unknown[] }).options ?? [];

/** Of a choice, what is wrong with the value as its first kind. */
function wordsOfUnion(issue: Issue & { code: 'invalid_union' }, value: unknown): string {
  const [first] = issue.errors[0] ?? [];
  return first && first.path.length === 0 ? wordsOf(first, value) : 'is none of the forms that are taken here';
}

function wordsOfType(expected: string, value: unknown): string {
  if (typeof value === 'number' && (expected === 'int' || expected === 'number'))
    return Number.isFinite(value) ? `must be a whole number, not ${value}` : 'is too large a number';
  if (typeof value === 'string' && expected === 'number') return 'must be a number, not a text';
  if (typeof value === 'string' && expected === 'int')
    return Number.isFinite(Number(value)) ? `must be a whole number, not ${Number(value)}` : 'must be a whole number';
  return `must be ${TYPES[expected] ?? expected}, not ${kindOf(value)}`;
}

type Limit = Extract<Issue, { code: 'too_small' | 'too_big' }>;
function wordsOfLimit(issue: Limit, value: unknown): string {
  const [limit, isLeast] = issue.code === 'too_small' ? [issue.minimum, true] : [issue.maximum, false];
  const bound = `${limit}`;
  if (issue.origin === 'string') {
    if (isLeast) return limit === 1 ? 'must not be empty' : `must have at least ${bound} characters`;
    return `must have at most ${bound} characters`;
  }
  if (COUNTED.has(issue.origin))
    return `must have at ${isLeast ? 'least' : 'most'} ${bound} ${limit === 1 ? 'entry' : 'entries'}`;
  const number = Number(value);
  if (!Number.isFinite(number) || isUnsafeInteger(issue)) return 'is too large a number';
  if (!Number.isInteger(number) && issue.origin === 'int') return `must be a whole number, not ${number}`;
  const open = issue.inclusive === false;
  if (isLeast) return `must be ${open ? `more than ${bound}` : `${bound} or more`}, not ${number}`;
  return `must be ${open ? 'less than' : 'at most'} ${bound}, not ${number}`;
}
const COUNTED: ReadonlySet<string> = new Set(['array', 'set', 'map']);

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be a date and time with its offset, as 2026-01-31T18:05:00Z or 2026-01-31T18:05:00+08:00',
  date: 'must be a date, as 2026-01-31',
  url: 'must be an address, as https://example.org',
};
const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const KINDS: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false' };
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? 'an object'));
