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
      setFailure(undefined);
      try {
        const page = await fetchProducts(search, cursor.current, mine.signal);
        cursor.current = page.next;
        setProducts((before) => (first ? page.items : [...before, ...page.items]));
        setComplete(page.next === null);
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
    const timer = setTimeout(() => void load(true), 150);
    return () => {
      clearTimeout(timer);
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [load]);

  return { products, loading, failure, complete, loadMore: () => void load(false), retry: () => void load(true) };
}
