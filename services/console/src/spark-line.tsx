import { memo } from 'react';
import { type Point, sparkArea, sparkPath } from './spark-path.js';

const WIDTH = 132;
const HEIGHT = 32;

interface SparkLineProps {
  readonly history: readonly Point[];
  readonly nowMs: number;
  readonly windowMs: number;
}

/** Two paths a row, no canvas each: they scale, print, and follow the colour scheme by themselves. */
export const SparkLine = memo(function SparkLine({ history, nowMs, windowMs }: SparkLineProps) {
  const frame = { nowMs, windowMs, width: WIDTH, height: HEIGHT };
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="area" d={sparkArea(history, frame)} />
      <path className="line" d={sparkPath(history, frame)} />
    </svg>
  );
});
