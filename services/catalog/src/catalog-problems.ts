import type { FieldNote } from '@shelfline/contracts/catalog-outcome';
import { sayFault } from '@shelfline/contracts/issue-words';
import { type ProblemError, problem } from '@shelfline/service-kit/problem';
import type { UnreadableFile } from './catalog-import.js';

const listed = (notes: readonly FieldNote[]) =>
  notes.map(({ field, code, detail }) => ({ path: field, code, message: detail }));

export const titleOf = (notes: readonly FieldNote[]): { slug: string; status: number; title: string } => {
  const [first] = notes;
  if (first?.code === 'version_conflict')
    return { slug: 'version-conflict', status: 412, title: 'It was changed in the meantime' };
  if (first?.code === 'not_found') return { slug: 'not-found', status: 404, title: 'The catalog has no such code' };
  return { slug: 'invalid', status: 400, title: 'Some fields are not valid' };
};

export function refusal(notes: readonly FieldNote[]): ProblemError {
  const { slug, status, title } = titleOf(notes);
  const said = notes.map(({ field, detail }) => (field === '' ? detail : sayFault({ path: field, words: detail })));
  // The other refusals say in their own words what is to be done.
  const rest =
    slug === 'invalid' ? ' Nothing was changed; correct the fields listed under errors and send it again.' : '';
  return problem(status, slug, title, `${said.join('; ')}.${rest}`, { errors: listed(notes) });
}

export const notFound = (kind: string, code: string): ProblemError =>
  problem(
    404,
    'not-found',
    'The catalog has no such code',
    `${kind} has no ${code}. Codes are compared letter by letter.`,
  );

export const unavailable = (detail: string): ProblemError =>
  problem(
    503,
    'unavailable',
    'The change could not be written',
    `${detail}. It may or may not be applied; sending it again does no harm.`,
  );

export const unreadable = ({ message, report }: UnreadableFile): ProblemError =>
  problem(400, 'unreadable-file', 'The file cannot be read', `${message}.`, report ? { report } : {});

export const badRequest = (detail: string, path: string): ProblemError =>
  problem(400, 'invalid', 'Some fields are not valid', detail, {
    errors: [{ path, code: 'invalid', message: detail }],
  });
