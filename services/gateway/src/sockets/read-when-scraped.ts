import type { Metrics } from '@shelfline/service-kit/metrics';

type Expose = (name: string, help: string, value: () => number) => void;

/** Metrics of plain numbers that somebody keeps anyway: they are looked at when the registry is scraped, and not before. */
export const readWhenScraped = (metrics: Metrics): { readonly gauge: Expose; readonly counter: Expose } => ({
  gauge: (name, help, value) => {
    metrics.gauge({
      name,
      help,
      collect() {
        this.set(value());
      },
    });
  },
  counter: (name, help, value) => {
    let seen = 0;
    metrics.counter({
      name,
      help,
      collect() {
        const now = value();
        this.inc(now - seen);
        seen = now;
      },
    });
  },
});
