import type { PlaceView } from '../catalogue.js';

export interface StoreBoard {
  readonly store: string;
  readonly openTasks: number;
  readonly newTasks: number;
}
export interface StoreGroups {
  /** Where something waits, most first. */
  readonly waiting: readonly { readonly place: PlaceView; readonly openTasks: number }[];
  readonly others: readonly PlaceView[];
}

export function groupStores(places: readonly PlaceView[], boards: readonly StoreBoard[]): StoreGroups {
  const open = new Map(boards.map(({ store, openTasks }) => [store, openTasks]));
  const waiting = places
    .map((place) => ({ place, openTasks: open.get(place.code) ?? 0 }))
    .filter(({ openTasks }) => openTasks > 0)
    .sort((a, b) => b.openTasks - a.openTasks);
  return { waiting, others: places.filter(({ code }) => !open.get(code)) };
}

/** None where this token may not know, or nobody answers. */
export async function fetchStoreBoards(token: string, signal: AbortSignal): Promise<readonly StoreBoard[]> {
  try {
    const response = await fetch('/api/store-boards', { headers: { authorization: `Bearer ${token}` }, signal });
    return response.ok ? ((await response.json()) as { items: readonly StoreBoard[] }).items : [];
  } catch {
    return [];
  }
}
