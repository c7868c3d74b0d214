import type { CheckResult } from '@shelfline/service-kit/health';
import type { Clock } from '@shelfline/streaming/clock';
import type { KafkaPort } from '@shelfline/streaming/kafka-port';

/** The front door waits 1.5 s for a part's answer: later, it would say that the part does not answer. */
const ANSWER_WITHIN_MS = 1000;

/** Whether Kafka answers about a topic. */
export async function kafkaReadiness(
  kafka: Pick<KafkaPort, 'offsets'>,
  topic: string,
  clock: Pick<Clock, 'sleep'>,
): Promise<CheckResult> {
  const answered = new AbortController();
  const asked = kafka.offsets(topic).then(
    () => ({ ready: true }),
    (error: unknown) => ({ ready: false, detail: `does not answer: ${(error as Error).message}` }),
  );
  const late = clock
    .sleep(ANSWER_WITHIN_MS, answered.signal)
    .then(() => ({ ready: false, detail: `does not answer within ${ANSWER_WITHIN_MS} ms` }));
  try {
    return await Promise.race([asked, late]);
  } finally {
    answered.abort();
  }
}
