import { TokenBucket } from './limits.js';
import type { Timer } from './timer.js';

export interface MessageRateOptions {
  readonly timer: Timer;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
}

/** How often one socket may send: over its rate it is told so, and one that goes on regardless is ended. */
export class MessageRate {
  private readonly bucket: TokenBucket;
  private readonly patience: TokenBucket;

  constructor(private readonly options: MessageRateOptions) {
    const { timer, messagesPerSecond, messageBurst } = options;
    this.bucket = new TokenBucket(messagesPerSecond, messageBurst, timer.nowMs());
    this.patience = new TokenBucket(messagesPerSecond, messageBurst, timer.nowMs());
  }

  take(): 'taken' | 'refused' | 'flood' {
    const nowMs = this.options.timer.nowMs();
    if (this.bucket.take(nowMs)) return 'taken';
    return this.patience.take(nowMs) ? 'refused' : 'flood';
  }
}
