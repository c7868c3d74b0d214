import { MAX_UNITS } from '@shelfline/contracts/identifiers';
import type { SchemaIssue } from '@shelfline/contracts/schema-issue';

type Issue = SchemaIssue;

/** Every finding about an item in words, joined; the value itself is not repeated unless it is a number. */
export const describeIssues = (issues: readonly Issue[], item: unknown): string =>
  [...new Set(issues.map((issue) => describeIssue(issue, item)))].join('; ');

function describeIssue(issue: Issue, item: unknown): string {
  const path = issue.path.map(String).join('.');
  const value = issue.path.reduce<unknown>((within, key) => (within as Record<PropertyKey, unknown>)?.[key], item);
  if (path === '') return 'the item must be an object';
  if (value === undefined) return `${path} is missing`;
  if (value === null) return `${path} must not be null; leave it out when there is none`;
  if (typeof value === 'number' && isAboutNumber(issue)) return `${path} ${describeNumber(value, issue)}`;
  if (issue.code === 'invalid_type') return `${path} must be ${article(issue.expected)}, not ${kindOf(value)}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return `${path} must be a date and time with its offset, as 2026-01-31T18:05:00Z or 2026-01-31T18:05:00+08:00`;
  if (issue.code === 'invalid_format' && issue.format === 'date') return `${path} must be a date, as 2026-01-31`;
  if (issue.code === 'too_small' && typeof value === 'string') return `${path} must not be empty`;
  if (issue.code === 'too_big' && typeof value === 'string')
    return `${path} must have at most ${issue.maximum} characters`;
  if (issue.code === 'too_big' && Array.isArray(value)) return `${path} must have at most ${issue.maximum} entries`;
  return `${path} ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

const isAboutNumber = (issue: Issue): boolean =>
  (issue.code === 'invalid_type' && ['int', 'number'].includes(issue.expected)) ||
  issue.code === 'too_small' ||
  issue.code === 'too_big';

function describeNumber(value: number, issue: Issue): string {
  if (!Number.isFinite(value)) return 'is too large a number';
  if (!Number.isInteger(value)) return `must be a whole number, not ${value}`;
  if (issue.code === 'too_small') return `must be ${issue.minimum} or more, not ${value}`;
  // Zod names the largest safe integer first; the limit of the field is the one to know.
  return `must be at most ${issue.code === 'too_big' ? Math.min(Number(issue.maximum), MAX_UNITS) : MAX_UNITS}, not ${value}`;
}

const article = (expected: string): string =>
  ({ int: 'a whole number', number: 'a number', string: 'a text', array: 'a list', object: 'an object' })[expected] ??
  expected;

const KINDS: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'true or false' };
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? 'an object'));
