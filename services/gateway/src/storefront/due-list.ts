/** The place of what is not there. */
export const NONE = -1;
const FIRST_CAPACITY = 1024;

/** One socket's part of a `DueList`: its first and last place, `NONE` = nothing is due. */
export interface DueSpan {
  firstDue: number;
  lastDue: number;
}

/**
 * Which changes each socket is due in one delivery, in order: the sockets' lists lie in two arrays of numbers that are
 * used again for the next delivery. A list of objects for each socket would be most of the garbage.
 */
export class DueList {
  private changes = new Int32Array(FIRST_CAPACITY);
  private following = new Int32Array(FIRST_CAPACITY);
  private used = 0;

  /** Nobody may have anything due. */
  clear(): void {
    this.used = 0;
  }

  /** True when it is the first one of this span. */
  add(span: DueSpan, change: number): boolean {
    const place = this.used++;
    if (place === this.changes.length) this.grow();
    this.changes[place] = change;
    this.following[place] = NONE;
    const last = span.lastDue;
    span.lastDue = place;
    if (last === NONE) {
      span.firstDue = place;
      return true;
    }
    this.following[last] = place;
    return false;
  }

  changeAt(place: number): number {
    return this.changes[place]!;
  }
  after(place: number): number {
    return this.following[place]!;
  }

  private grow(): void {
    const [changes, following] = [new Int32Array(2 * this.used), new Int32Array(2 * this.used)];
    changes.set(this.changes);
    following.set(this.following);
    this.changes = changes;
    this.following = following;
  }
}
