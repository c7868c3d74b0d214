import type { CoverProblem } from './cover-problem.js';

/** Ten lines are bounded in full, of more the ten scarcest articles. */
const MAX_BOUNDED = 10;
/**
 * Articles of which more than one unit is needed have a second bit while there is room: it bounds few articles in large
 * numbers much better, but every bit doubles the states, and beyond 2^10 that costs more than it saves.
 */
const MAX_BITS = 10;

/**
 * What it costs at least to serve what is left of an order: the cheapest cover of every set of articles, for every
 * number of places left, by dynamic programming (an entry is computed when it is first asked for). It is a little
 * kinder than reality: an article with two bits is served by one place that has all of it or by any two that have some,
 * one with a single bit by any place that has some. Where no place has only a part of what is needed it is exact.
 */
export class CoverBounds {
  readonly bounded: number;
  /** Entry by entry, a column for each charge; read at the offset that `at` answers. */
  readonly costs: Float64Array;
  /** Per article the bit it has while it lacks units, and the one it has besides until it was given any, or 0. */
  readonly lacks: Int32Array;
  readonly untouched: Int32Array;
  /** Entries computed, place by place: what the search's budget counts. */
  work = 0;
  private readonly bits: number;
  private readonly width: number;
  private readonly known: Uint8Array;
  private readonly articleOfBit: number[] = [];
  /** Per place the bits it clears at once, and the lower bits of the articles it has a part of. */
  private readonly clears: Int32Array;
  private readonly parts: Int32Array;
  /** Per article the places that have it, in ascending order of their charges. */
  private readonly options: number[][];

  /** `mayGiveUp`: an article may be left unplaced, at the charge of its units in column 0. */
  constructor(
    private readonly problem: CoverProblem,
    readonly mayGiveUp: boolean,
  ) {
    const { needs, units, charges, maxPlaces } = problem;
    this.bounded = Math.min(needs.length, MAX_BOUNDED);
    this.lacks = new Int32Array(this.bounded);
    this.untouched = new Int32Array(this.bounded);
    this.bits = this.layBits();
    this.width = charges[0]!.length;
    const entries = (Math.min(maxPlaces, this.bits) + 1) << this.bits;
    this.costs = new Float64Array(entries * this.width);
    this.known = new Uint8Array(entries);
    this.clears = new Int32Array(units.length);
    this.parts = new Int32Array(units.length);
    units.forEach((row, p) => {
      for (let a = 0; a < this.bounded; a++) {
        if (row[a] === 0) continue;
        if (row[a]! >= needs[a]! || this.untouched[a] === 0) this.clears[p]! |= this.lacks[a]! | this.untouched[a]!;
        else this.parts[p]! |= this.lacks[a]!;
      }
    });
    this.options = this.cheapestOptions();
  }

  private layBits(): number {
    let spare = MAX_BITS - this.bounded;
    let bit = 0;
    for (let a = 0; a < this.bounded; a++) {
      this.lacks[a] = 1 << bit++;
      this.articleOfBit.push(a);
      if (this.problem.needs[a]! <= 1 || spare === 0) continue;
      spare--;
      this.untouched[a] = 1 << bit++;
      this.articleOfBit.push(a);
    }
    return bit;
  }

  /** Offset into `costs` of what a state costs at least with so many places more; Infinity: impossible. */
  at(state: number, placesLeft: number): number {
    const places = Math.min(placesLeft, bitsOf(state), this.problem.maxPlaces);
    const entry = (places << this.bits) | state;
    if (this.known[entry] === 0) {
      this.known[entry] = 1;
      if (state !== 0) this.fill(entry * this.width, state, places);
    }
    return entry * this.width;
  }

  private fill(offset: number, state: number, places: number): void {
    const { costs, width } = this;
    const article = this.articleOfBit[lowestBit(state)]!;
    costs[offset] = Number.POSITIVE_INFINITY;
    if (this.mayGiveUp) {
      const rest = this.at(state & ~(this.lacks[article]! | this.untouched[article]!), places);
      for (let i = 0; i < width; i++) costs[offset + i] = costs[rest + i]!;
      // Of an article that was given some, one unit at least is left; see `partUnits` for those with a single bit.
      const isWhole = this.untouched[article] === 0 || (state & this.untouched[article]!) !== 0;
      costs[offset] = costs[offset]! + (isWhole ? this.problem.needs[article]! : 1);
    }
    if (places === 0) return;
    for (const p of this.options[article]!) {
      this.work++;
      const charges = this.problem.charges[p]!;
      // Those that follow are dearer still.
      if (isBelow(costs, offset, charges)) break;
      const rest = this.at(this.after(state, p), places - 1);
      for (let i = 0; i < width; i++) {
        const difference = charges[i]! + costs[rest + i]! - costs[offset + i]!;
        if (difference === 0) continue;
        // Also where both are impossible, whose difference is no number.
        if (!(difference < 0)) break;
        for (let j = i; j < width; j++) costs[offset + j] = charges[j]! + costs[rest + j]!;
        break;
      }
    }
  }

  /** An article that the place has a part of loses its upper bit, or, that being gone, its lower one. */
  private after(state: number, place: number): number {
    const parts = this.parts[place]!;
    const upper = state & (parts << 1);
    return state & ~(this.clears[place]! | upper | (parts & ~(upper >> 1)));
  }

  /** A place that does nothing more than a cheaper one does is never needed here: that one may be taken twice. */
  private cheapestOptions(): number[][] {
    const { clears, parts, articleOfBit } = this;
    const options: number[][] = Array.from({ length: this.bounded }, () => []);
    for (let p = 0; p < clears.length; p++) {
      const clear = clears[p]!;
      const does = clear | parts[p]!;
      if (does === 0) continue;
      // What does as much is an option for the first of its articles too.
      const others = options[articleOfBit[lowestBit(does)]!]!;
      let k = 0;
      while (k < others.length && !doesAsMuch(clears[others[k]!]!, parts[others[k]!]!, clear, does)) k++;
      if (k < others.length) continue;
      for (let a = 0; a < this.bounded; a++) if ((does & this.lacks[a]!) !== 0) options[a]!.push(p);
    }
    return options;
  }
}

const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask);

const doesAsMuch = (clears: number, parts: number, clear: number, does: number): boolean =>
  (clear & ~clears) === 0 && (does & ~(clears | parts)) === 0;

function isBelow(costs: Float64Array, offset: number, charges: readonly number[]): boolean {
  for (let i = 0; i < charges.length; i++) {
    const difference = costs[offset + i]! - charges[i]!;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
