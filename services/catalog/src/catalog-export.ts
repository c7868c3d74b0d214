import { Readable } from 'node:stream';
import type { CatalogKind } from '@shelfline/contracts/catalog';
import { exportColumns, rowFromEntity } from '@shelfline/contracts/catalog-csv';
import { stringify } from 'csv-stringify';
import type { CatalogRepository } from './catalog.repository.js';

/** A kind as CSV, row by row from the database. `bom` makes Excel read it as UTF-8. */
export async function exportCatalog(
  kind: CatalogKind,
  repository: CatalogRepository,
  { bom }: { bom: boolean },
): Promise<Readable> {
  const columns = exportColumns(kind, kind === 'products' ? await repository.attributeNames() : []);
  const rows = async function* (): AsyncGenerator<readonly string[]> {
    yield columns;
    for await (const { entity } of repository.all(kind)) if (entity) yield rowFromEntity(kind, entity, columns);
  };
  const source = Readable.from(rows());
  const csv = stringify({ bom, record_delimiter: '\r\n' });
  source.once('error', (error) => csv.destroy(error));
  // A reader that went away must not leave a cursor open.
  csv.once('close', () => source.destroy());
  return source.pipe(csv);
}
