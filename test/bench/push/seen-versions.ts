import { watchedBy } from './messages.ts';

const SKU_START = '{"sku":"'.length;
const ZERO = 48;

function readNumber(payload: Buffer, start: number): number {
  let value = 0;
  for (let i = start; ; i++) {
    const digit = payload[i]! - ZERO;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}

/** The newest version each socket saw of each SKU it watches, in one block of numbers: there may be 200,000 of them. */
export class SeenVersions {
  private readonly versions: Float64Array;
  /** The place among a socket's SKUs, by how far the SKU's number is above the socket's; -1 = not watched. */
  private readonly placeOf: Int32Array;
  /** SKUs end with their number: where it begins within a state. */
  private readonly numberAt: number;

  private readonly skus: readonly string[];
  private readonly skusPerSocket: number;

  constructor(skus: readonly string[], skusPerSocket: number, sockets: number) {
    this.skus = skus;
    this.skusPerSocket = skusPerSocket;
    this.versions = new Float64Array(sockets * skusPerSocket);
    this.placeOf = new Int32Array(skus.length).fill(-1);
    watchedBy(0, skus, skusPerSocket).forEach((sku, place) => {
      this.placeOf[skus.indexOf(sku)] = place;
    });
    this.numberAt = SKU_START + (skus[0] ?? '').lastIndexOf('-') + 1;
  }

  /** True when a version went back. */
  see(socket: number, payload: Buffer, viewAt: number, versionAt: number): boolean {
    const { length } = this.skus;
    const place = this.placeOf[(readNumber(payload, viewAt + this.numberAt) + length - (socket % length)) % length]!;
    if (place === -1) throw new Error(`socket ${socket} got a SKU it does not watch`);
    const at = socket * this.skusPerSocket + place;
    const version = readNumber(payload, versionAt);
    const isBack = version < this.versions[at]!;
    this.versions[at] = version;
    return isBack;
  }
}
