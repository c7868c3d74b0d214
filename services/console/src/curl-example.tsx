import { useState } from 'react';
import type { Say } from './language.js';
import { curlFor, type Delta } from './send-delta.js';

interface CurlExampleProps {
  readonly sku: string;
  readonly place: string;
  readonly delta: Delta;
  readonly say: Say;
}

export function CurlExample({ sku, place, delta, say }: CurlExampleProps) {
  const [copied, setCopied] = useState('');
  const command = curlFor(location.origin, sku, place, delta);
  // Browsers keep the clipboard from pages on plain-http addresses other than this machine's.
  const canCopy = 'clipboard' in navigator;
  return (
    <figure className="curl">
      <figcaption>
        {say('curl')}
        {canCopy && (
          <button
            type="button"
            className="quiet"
            onClick={() => void navigator.clipboard.writeText(command).then(() => setCopied(command))}
          >
            {copied === command ? say('copied') : say('copy')}
          </button>
        )}
      </figcaption>
      <pre tabIndex={0}>{command}</pre>
    </figure>
  );
}
