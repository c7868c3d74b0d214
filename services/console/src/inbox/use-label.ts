import { useEffect, useState } from 'react';
import { whyUnanswered } from '../unanswered.js';

export type Label =
  | { readonly kind: 'none' }
  | { readonly kind: 'fetching' }
  /** `url`: an address of this page alone, since nobody is shown the label without the store’s token; `picture` holds all of it. */
  | { readonly kind: 'fetched'; readonly url: string; readonly picture: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** The label of a parcel, fetched when it is asked for. `tokenOf`: of the store whose parcel it is. */
export function useLabel(path: string, tokenOf: () => Promise<string>): { label: Label; fetchLabel: () => void } {
  const [label, setLabel] = useState<Label>({ kind: 'none' });
  useEffect(
    () => () => {
      if (label.kind === 'fetched') URL.revokeObjectURL(label.url);
    },
    [label],
  );
  const fetchLabel = async (): Promise<void> => {
    setLabel({ kind: 'fetching' });
    setLabel(await readLabel(path, tokenOf));
  };
  return { label, fetchLabel: () => void fetchLabel() };
}

async function readLabel(path: string, tokenOf: () => Promise<string>): Promise<Label> {
  try {
    const response = await fetch(path, { headers: { authorization: `Bearer ${await tokenOf()}` } });
    if (response.ok) {
      const svg = await response.text();
      const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      return { kind: 'fetched', url, picture: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` };
    }
    const { detail } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
    return { kind: 'failed', reason: detail ?? String(response.status) };
  } catch (error) {
    return { kind: 'failed', reason: whyUnanswered(error) };
  }
}
