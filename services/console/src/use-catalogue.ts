import { useCallback, useEffect, useRef, useState } from 'react';
import { type CatalogueProduct, fetchProducts } from './catalogue.js';
import { SignInError } from './token-source.js';

export interface CatalogueState {
  readonly products: readonly CatalogueProduct[];
  readonly loading: boolean;
  readonly failure: 'sign-in' | 'other' | undefined;
  readonly complete: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Typing is answered once it pauses. */
const TYPING_MS = 150;
const RETRY_MS = 10_000;

/** Products that match, a page at a time; a new search drops what was asked before. */
export function useCatalogue(search: string): CatalogueState {
  const [products, setProducts] = useState<readonly CatalogueProduct[]>([]);
  const [loading, setLoading] = useState(true);
  const [failure, setFailure] = useState<CatalogueState['failure']>();
  const [complete, setComplete] = useState(false);
  const cursor = useRef<string | null>(null);
  const asking = useRef<AbortController | undefined>(undefined);

  const load = useCallback(
    async (first: boolean) => {
      if (!first && asking.current) return;
      asking.current?.abort();
      const mine = new AbortController();
      asking.current = mine;
      if (first) cursor.current = null;
      setLoading(true);
      try {
        const { items, next } = await fetchProducts(search, cursor.current, mine.signal);
        cursor.current = next ?? null;
        setProducts((before) => (first ? items : [...before, ...items]));
        setComplete(cursor.current === null);
        setFailure(undefined);
      } catch (error) {
        if (!mine.signal.aborted) setFailure(error instanceof SignInError ? 'sign-in' : 'other');
      } finally {
        if (asking.current === mine) {
          asking.current = undefined;
          setLoading(false);
        }
      }
    },
    [search],
  );

  useEffect(() => {
    const timer = setTimeout(() => void load(true), TYPING_MS);
    return () => {
      clearTimeout(timer);
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [load]);

  const isEmpty = products.length === 0;
  const asksAgain = !loading && (failure === 'other' || (isEmpty && !failure && search === ''));
  const continueOrBegin = useCallback(() => void load(isEmpty), [load, isEmpty]);
  useEffect(() => {
    if (!asksAgain) return undefined;
    const timer = setTimeout(continueOrBegin, RETRY_MS);
    return () => clearTimeout(timer);
  }, [asksAgain, continueOrBegin]);

  const loadMore = useCallback(() => void load(false), [load]);
  return { products, loading, failure, complete, loadMore, retry: continueOrBegin };
}
