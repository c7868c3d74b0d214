import { applyDecorators, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { TopicDefinition } from '@shelfline/contracts/topics';
import { type Observable, throwError } from 'rxjs';

/**
 * Nest answers "Internal server error" for every error of a handler; the stream must see the real one, or a database
 * that is away for a second would look like a defect and end the process.
 */
@Catch()
class OriginalErrorFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Marks the controller method that decides a topic's batches: `(batch: Batch<M>) => Promise<Decision<W>>`. */
export const HandlesBatch = (topic: TopicDefinition): MethodDecorator =>
  applyDecorators(EventPattern(topic.name) as unknown as MethodDecorator, UseFilters(new OriginalErrorFilter()));
