export interface Shelf {
  readonly sku: string;
  readonly location: string;
}

/** A quote within a shell's single quotes. */
const quoted = (value: string): string => JSON.stringify(value).replaceAll("'", `'\\''`);

/** A sale from a shell; the id is new each time, since one that is known changes nothing. */
export function sellOneCommand(address: string, { sku, location }: Shelf): string[] {
  return [
    `TOKEN=$(curl -s '${address}/api/auth/dev-token?role=integrator' | cut -d'"' -f4)`,
    `curl ${address}/api/inventory/deltas -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
    `  -d '[{"id":"try-'$(date +%s)'","source":"me","type":"sale","sku":${quoted(sku)},"location":${quoted(location)},"quantity":1,"occurredAt":"'$(date -u +%FT%TZ)'"}]'`,
  ];
}

/** Where to see the orders of the replay come in; nothing where it places none. */
export const whereOrdersGo = (address: string, store: string | undefined): string[] =>
  store === undefined
    ? []
    : [
        `orders come in at the stores, most of them here: open ${address}/store?store=${encodeURIComponent(store)} and work them off`,
      ];

/** Once the tills are silent the page stands still; how to see it move. */
export function whatNext(address: string, shelf?: Shelf): string[] {
  return [
    'no till sells any more, so the page stands still until somebody does:',
    `  on the page (${address}): choose a product, open "Try it" at the bottom, press "Sell 1"`,
    ...(shelf ? ['  or in a shell:', ...sellOneCommand(address, shelf).map((line) => `    ${line}`)] : []),
    '  or replay the tills once more, from the beginning: Ctrl-C, then npm start -- --fresh',
  ];
}
