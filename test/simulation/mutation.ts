/** A defect as somebody might make it: one place of one file, changed. */
export interface Mutation {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const streaming = (file: string): string => `packages/streaming/src/${file}.ts`;
export const inventory = (file: string): string => `services/inventory/src/${file}.ts`;
export const catalog = (file: string): string => `services/catalog/src/${file}.ts`;
export const gateway = (file: string): string => `services/gateway/src/storefront/${file}.ts`;
export const orders = (file: string): string => `services/orders/src/${file}.ts`;
export const connect = (file: string): string => `services/connect/src/${file}.ts`;
