import type { Product } from '@shelfline/contracts/catalog';

/**
 * Search without a text index (not every MongoDB-protocol server has one): a product carries the beginnings it can be
 * found by. Words are found by their prefix; Chinese, Japanese and Korean text, which has no spaces, by any two
 * characters that stand together (bigrams), so that every part of a name finds it.
 */
const MAX_TOKENS = 100;
const MAX_TOKEN_CHARACTERS = 64;
const MAX_SEARCH_CHARACTERS = 100;
const MAX_TERMS = 8;

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Words and CJK runs of a text, in their order. */
function piecesOf(folded: string): { text: string; cjk: boolean }[] {
  const pieces: { text: string; cjk: boolean }[] = [];
  for (const [word] of folded.matchAll(WORD)) {
    let from = 0;
    for (const run of word.matchAll(CJK)) {
      if (run.index > from) pieces.push({ text: word.slice(from, run.index), cjk: false });
      pieces.push({ text: run[0], cjk: true });
      from = run.index + run[0].length;
    }
    if (from < word.length) pieces.push({ text: word.slice(from), cjk: false });
  }
  return pieces;
}

const cut = (text: string): string => Array.from(text).slice(0, MAX_TOKEN_CHARACTERS).join('');

/** A run's bigrams, and its last character alone, which begins no bigram. */
function bigramsOf(run: string): string[] {
  const characters = Array.from(run);
  return characters.map((character, i) => character + (characters[i + 1] ?? ''));
}

export function searchTokens({ sku, gtin, name, nameZh, brand }: Product): string[] {
  const tokens = new Set<string>([cut(fold(sku))]);
  if (gtin !== undefined) tokens.add(gtin);
  for (const text of [sku, name, nameZh, brand]) {
    for (const piece of piecesOf(fold(text ?? ''))) {
      for (const token of piece.cjk ? bigramsOf(piece.text) : [cut(piece.text)]) {
        if (tokens.size >= MAX_TOKENS) return [...tokens];
        tokens.add(token);
      }
    }
  }
  return [...tokens];
}

/** A token that is `text`, or begins with it. */
interface SearchTerm {
  readonly text: string;
  /** Two Chinese characters are a whole token: looked up as such, they cost far less than a range of beginnings. */
  readonly whole: boolean;
}
/** All of the groups must be met; a group is met by any alternative, an alternative by all of its terms. */
export type SearchQuery = readonly (readonly (readonly SearchTerm[])[])[];

/**
 * What somebody typed, as prefixes. A part between spaces is met as a whole (a SKU with its punctuation) or by all of
 * its words. Undefined when nothing in it can be searched for.
 */
export function searchQuery(typed: string): SearchQuery | undefined {
  const parts = fold(typed.slice(0, MAX_SEARCH_CHARACTERS))
    .split(/\s+/u)
    .filter((part) => part !== '')
    .slice(0, MAX_TERMS);
  const groups = parts.map((part) => {
    const words = piecesOf(part)
      .flatMap(({ text, cjk }) => (cjk ? bigramTerms(text) : [beginning(text)]))
      .slice(0, MAX_TERMS);
    const all = [beginning(part)];
    if (words.length === 0 || (words.length === 1 && words[0]!.text === part))
      return [words.length === 0 ? all : words];
    return [all, words];
  });
  return groups.length > 0 ? groups : undefined;
}

const beginning = (text: string): SearchTerm => ({ text: cut(text), whole: false });

/** A single character begins a bigram or ends a run. */
function bigramTerms(run: string): SearchTerm[] {
  const all = bigramsOf(run);
  return all.length > 1 ? all.slice(0, -1).map((text) => ({ text, whole: true })) : all.map(beginning);
}
