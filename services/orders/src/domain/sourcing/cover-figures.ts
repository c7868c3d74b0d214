/** Sums of products of doubles are off by some 1e-13 of themselves: a bound has to be above by more than this. */
export const slackOf = (figure: number): number => 1e-6 + 1e-9 * Math.abs(figure);
/** No plan whose figure is at least `bound` is as good as `best` in it. Figures are whole numbers. */
export const isAbove = (bound: number, best: number): boolean => bound > highestWithin(best);
export const highestWithin = (best: number): number => best + slackOf(best);
/** None is better in it, since figures differ by `step` at least. */
export const isReached = (bound: number, best: number, step: number): boolean => bound > best - step + slackOf(best);

export function meanOf(figures: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < figures.length; i++) sum += figures[i]!;
  return sum / figures.length;
}

export function commonDivisor(figures: Float64Array): number {
  let divisor = 0;
  for (let i = 0; i < figures.length && divisor !== 1; i++)
    for (let rest = figures[i]!; rest !== 0; ) [divisor, rest] = [rest, divisor % rest];
  return Math.max(1, divisor);
}
