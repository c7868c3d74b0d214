import type { ReceivedRecord } from '@shelfline/streaming/kafka-port';
import type { z } from 'zod';

interface Answer {
  readonly id: string;
  readonly source: string;
}

/**
 * Reads the answers to what `source` asked, and none that `isUnsettled`: whoever asked waits for what becomes of it. Most
 * answers are somebody else's, and looking for the name costs a tenth of reading one.
 */
export function answersTo<O extends Answer>(
  source: string,
  schema: z.ZodType<O>,
  isUnsettled: (answer: O) => boolean = () => false,
): (record: ReceivedRecord) => { id: string; outcome: O } | undefined {
  const named = JSON.stringify(source);
  return ({ value }) => {
    if (!value?.includes(named)) return undefined;
    const { data } = schema.safeParse(JSON.parse(value.toString()));
    if (data?.source !== source || isUnsettled(data)) return undefined;
    return { id: `${data.source}/${data.id}`, outcome: data };
  };
}
