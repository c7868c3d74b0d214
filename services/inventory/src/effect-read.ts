/**
 * One effect of a stored movement as it is read: filled again for each, since an object for every one of ten million
 * would cost as much as reading it. Names are stretches of bytes, which nobody decodes unless a level differs.
 */
export class EffectRead {
  version = Number.NEGATIVE_INFINITY;
  skuIn: Uint8Array = NO_BYTES;
  skuAt = 0;
  skuEnd = 0;
  locationIn: Uint8Array = NO_BYTES;
  locationAt = 0;
  locationEnd = 0;
  onHand = 0;
  reserved = 0;
  damaged = 0;
  qualityControl = 0;
  incoming = 0;

  /** Of the same movement, nothing known of it yet. */
  begin(): void {
    this.locationAt = this.locationEnd = 0;
    this.onHand = this.reserved = this.damaged = this.qualityControl = this.incoming = 0;
  }

  get hasLocation(): boolean {
    return this.locationEnd > this.locationAt;
  }
}

export interface EffectSink {
  /** Called with the same object each time; answers whether it was of use. */
  add(effect: EffectRead): boolean;
}

const NO_BYTES = new Uint8Array(0);
