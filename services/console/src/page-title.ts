import { useEffect } from 'react';
import { type Language, numberIn, textIn } from './language.js';

export type PageName = 'stock' | 'inbox' | 'track' | 'none';
export const TITLES = { stock: 'title', inbox: 'inboxTitle', track: 'trackTitle', none: 'noPageTitle' } as const;

/** What a tab shows: what waits comes first, since little of it is seen. */
export function titleOf(page: PageName, language: Language, openTasks = 0): string {
  const name = `${textIn(language)(TITLES[page])} · Shelfline`;
  return openTasks > 0 ? `(${numberIn(language, openTasks)}) ${name}` : name;
}

export function usePageTitle(page: PageName, language: Language, openTasks?: number): void {
  const title = titleOf(page, language, openTasks);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
