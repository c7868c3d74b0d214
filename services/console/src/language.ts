import { TEXTS, type TextKey } from './texts.js';

export type Language = 'en' | 'zh';

const KEY = 'shelfline.language';

export function preferredLanguage(stored: string | null, browser: string): Language {
  if (stored === 'en' || stored === 'zh') return stored;
  return browser.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** A browser that forbids storage throws at the mere access. */
export function readLanguage(): Language {
  try {
    return preferredLanguage(localStorage.getItem(KEY), navigator.language);
  } catch {
    return preferredLanguage(null, navigator.language);
  }
}
export function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The choice then lasts as long as the page.
  }
}

export type Say = (key: TextKey, values?: Readonly<Record<string, string>>) => string;

export const textIn =
  (language: Language): Say =>
  (key, values = {}) =>
    TEXTS[key][language === 'en' ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

const LOCALES = { en: 'en', zh: 'zh-CN' } as const;
const NUMBERS = {
  en: new Intl.NumberFormat(LOCALES.en, { maximumFractionDigits: 1 }),
  zh: new Intl.NumberFormat(LOCALES.zh, { maximumFractionDigits: 1 }),
};
const TIMES = {
  en: new Intl.DateTimeFormat(LOCALES.en, { timeStyle: 'medium' }),
  zh: new Intl.DateTimeFormat(LOCALES.zh, { timeStyle: 'medium' }),
};
const DAYS = {
  en: new Intl.DateTimeFormat(LOCALES.en, { dateStyle: 'long' }),
  zh: new Intl.DateTimeFormat(LOCALES.zh, { dateStyle: 'long' }),
};
export const numberIn = (language: Language, value: number): string => NUMBERS[language].format(value);
const MOMENT: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
};
const MOMENTS = {
  en: new Intl.DateTimeFormat(LOCALES.en, MOMENT),
  zh: new Intl.DateTimeFormat(LOCALES.zh, MOMENT),
};
/** Day and time, for what may lie days away. */
export const momentIn = (language: Language, atMs: number): string => MOMENTS[language].format(atMs);
const DATES: Record<Language, Intl.DateTimeFormat> = {
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }),
  zh: new Intl.DateTimeFormat('zh-CN', { weekday: 'short', day: 'numeric', month: 'short' }),
};
export const dateIn = (language: Language, atMs: number): string => DATES[language].format(atMs);
export const timeIn = (language: Language, atMs: number): string => TIMES[language].format(atMs);
export const dayIn = (language: Language, instant: string): string => DAYS[language].format(Date.parse(instant));

interface Named {
  readonly name: string;
  readonly nameZh?: string;
}
export const nameIn = (language: Language, { name, nameZh }: Named): string =>
  language === 'zh' ? (nameZh ?? name) : name;

/** Regions are codes without a name: `ohio-valley` → `Ohio valley`. */
export const regionName = (code: string): string =>
  code.replaceAll(/[-_]/g, ' ').replace(/^\p{L}/u, (letter) => letter.toUpperCase());
