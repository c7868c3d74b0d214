import { problem } from '@shelfline/service-kit/problem';
import { CursorError, type Page } from './stock-queries.repository.js';

/** A cursor comes from outside: one that cannot be read is the caller's to mend. */
export async function readable<T>(pageOf: Promise<Page<T>>): Promise<Page<T>> {
  try {
    return await pageOf;
  } catch (error) {
    if (error instanceof CursorError) throw problem(400, 'invalid', 'The cursor cannot be read', error.message);
    throw error;
  }
}
