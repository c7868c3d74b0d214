import { EventPattern } from '@nestjs/microservices';
import type { TopicDefinition } from '@shelfline/contracts/topics';

/** Marks the controller method that decides a topic's batches: `(batch: Batch<M>) => Promise<Decision<W>>`. */
export const HandlesBatch = (topic: TopicDefinition): MethodDecorator =>
  EventPattern(topic.name) as unknown as MethodDecorator;
