import { type Language, momentIn, numberIn, textIn } from '../language.js';
import type { RoundStop } from './round-desk.js';

export interface StopNote {
  readonly text: string;
  readonly isUrgent: boolean;
}
const REASONS = { over_before: 'stopOverBefore', too_far: 'stopTooFar', others_first: 'stopOthersFirst' } as const;
const isKnown = (reason: string | undefined): reason is keyof typeof REASONS =>
  reason !== undefined && reason in REASONS;

/** When it is there, what its customer was told, and why it is late where it is. */
export function stopNotes(stop: RoundStop, language: Language): StopNote[] {
  const { arriveAt, distanceM, promisedBy, visit, lateMinutes, lateBecause } = stop;
  const say = textIn(language);
  const timeOf = (at: string) => momentIn(language, Date.parse(at));
  const calm = (text: string): StopNote => ({ text, isUrgent: false });
  const way = distanceM === undefined ? '' : sayWay(distanceM, language);
  return [
    calm(arriveAt === undefined ? say('stopNowhere') : say('stopArrives', { time: timeOf(arriveAt), way })),
    ...(visit?.from === undefined ? [] : [calm(say('thereFrom', { time: timeOf(visit.from) }))]),
    ...(visit?.until === undefined ? [] : [calm(say('thereUntil', { time: timeOf(visit.until) }))]),
    ...(promisedBy === undefined ? [] : [calm(say('promisedBy', { time: timeOf(promisedBy) }))]),
    ...(lateMinutes === undefined
      ? []
      : [
          {
            text: `${say('stopLate', { late: sayMinutes(lateMinutes, language) })} ${isKnown(lateBecause) ? say(REASONS[lateBecause]) : ''}`.trim(),
            isUrgent: true,
          },
        ]),
  ];
}

export const sayWay = (metres: number, language: Language): string =>
  textIn(language)('kilometres', { km: numberIn(language, metres / 1000) });

const HOUR = 60;
function sayMinutes(minutes: number, language: Language): string {
  const say = textIn(language);
  if (minutes < 2 * HOUR) return say('minutesLate', { count: numberIn(language, minutes) });
  return say('hoursLate', { count: numberIn(language, Math.round(minutes / HOUR)) });
}
