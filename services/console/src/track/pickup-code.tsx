import { encode } from 'uqr';
import { type Language, momentIn, textIn } from '../language.js';
import type { WaitingView } from './tracked-details.js';
import { spacedCode } from './words.js';

interface PickupCodeProps {
  readonly waiting: WaitingView;
  readonly language: Language;
}

/** What the customer shows at the counter. */
export function PickupCode({ waiting: { code, qr, locked, collectBy }, language }: PickupCodeProps) {
  const say = textIn(language);
  if (locked)
    return (
      <section className="pickup-code locked" role="alert">
        <p>{say('trackLocked')}</p>
      </section>
    );
  return (
    <section className="pickup-code" aria-label={say('trackCode')}>
      <h2>{say('trackCode')}</h2>
      <p className="digits">{spacedCode(code)}</p>
      <QrCode text={qr} label={say('trackQr', { code })} />
      <p>{say('trackCodeDo')}</p>
      {collectBy !== undefined && <p>{say('trackCollectBy', { time: momentIn(language, Date.parse(collectBy)) })}</p>}
      <p className="secret">{say('trackCodeSecret')}</p>
    </section>
  );
}

/** Dark on white whatever the colours of the page: a scanner reads no inverted code. */
function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4 });
  const dots = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dots.join('')} fill="#000" />
    </svg>
  );
}
