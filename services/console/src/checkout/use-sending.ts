import { useState } from 'react';
import { type Language, textIn } from '../language.js';
import { reasonIn } from '../unanswered.js';
import type { OrderBody } from './basket.js';
import type { Placed } from './send-order.js';

interface SendingOptions {
  readonly place: (token: string, order: OrderBody) => Promise<Placed>;
  readonly token: string;
  readonly language: Language;
  readonly onTaken: (placed: Extract<Placed, { kind: 'taken' }>) => void;
}

/** Places an order. What got no sure answer is sent again as it was while nothing else is asked for. */
export function useSending({ place, token, language, onTaken }: SendingOptions) {
  const [isSending, setIsSending] = useState(false);
  const [message, setMessage] = useState('');
  const [unsure, setUnsure] = useState<{ readonly key: string; readonly order: OrderBody }>();
  const say = textIn(language);
  const send = async (key: string, newOrder: () => OrderBody): Promise<void> => {
    const order = unsure?.key === key ? unsure.order : newOrder();
    setIsSending(true);
    const placed = await place(token, order);
    setIsSending(false);
    setUnsure(placed.kind === 'uncertain' ? { key, order } : undefined);
    if (placed.kind === 'taken') onTaken(placed);
    else if (placed.kind === 'nothing') setMessage(say('cartOrderNothing', { id: order.orderId }));
    else
      setMessage(
        say(placed.kind === 'refused' ? 'orderRefused' : 'orderUncertain', {
          reason: reasonIn(language, placed.reason),
        }),
      );
  };
  return { isSending, message, send };
}
