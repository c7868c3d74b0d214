/** After this long without a change a product counts half as active. */
const HALF_LIFE_MS = 20_000;

export interface Activity {
  readonly score: number;
  readonly atMs: number;
}
export const NO_ACTIVITY: Activity = { score: 0, atMs: 0 };

export const activityAt = ({ score, atMs }: Activity, nowMs: number): number =>
  score * 2 ** (-Math.max(0, nowMs - atMs) / HALF_LIFE_MS);

export const withChange = (activity: Activity, nowMs: number): Activity => ({
  score: activityAt(activity, nowMs) + 1,
  atMs: nowMs,
});
