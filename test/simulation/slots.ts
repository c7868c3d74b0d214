import { type CatalogDatabase, startCatalog } from './catalog-process.ts';
import { type ConnectStore, startConnect } from './connect-process.ts';
import { type LedgerDatabase, startInventory } from './inventory-process.ts';
import { type OrdersDatabase, startOrders } from './orders-process.ts';
import type { ServerHealth } from './remote.ts';
import { CATALOG_SLOTS, FIRST_ORDERS_SLOT, SLOTS } from './setting.ts';
import type { RunningProcess, Surroundings } from './surroundings.ts';

type Service = 'ledger' | 'catalog' | 'connect' | 'orders';

export const serviceOf = (slot: number): Service =>
  slot < SLOTS ? 'ledger' : slot < SLOTS + CATALOG_SLOTS ? 'catalog' : slot < FIRST_ORDERS_SLOT ? 'connect' : 'orders';

export const withArticle = (slot: number): 'the ledger' | 'the catalog' | 'connect' | 'orders' => {
  const service = serviceOf(slot);
  return service === 'connect' || service === 'orders' ? service : `the ${service}`;
};

/** What outlives every process. */
interface Databases {
  readonly ledger: LedgerDatabase;
  readonly catalog: CatalogDatabase;
  readonly orders: OrdersDatabase;
  readonly connectStore: ConnectStore;
}

export function launch(
  slot: number,
  surroundings: Surroundings & { readonly diskHealth: ServerHealth },
  { ledger, catalog, orders, connectStore }: Databases,
): Promise<RunningProcess> {
  switch (serviceOf(slot)) {
    case 'ledger':
      return startInventory(surroundings, ledger);
    case 'catalog':
      return startCatalog(surroundings, catalog);
    case 'orders':
      return startOrders(surroundings, orders);
    case 'connect':
      return startConnect(surroundings, connectStore);
  }
}
