import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { fieldPath } from '@shelfline/contracts/field-path';
import { type FieldFault, faultsIn } from '@shelfline/contracts/issue-words';
import type { SchemaIssue } from '@shelfline/contracts/schema-issue';
import { z } from 'zod';
import { invalidFields } from './problem.js';

/** Every parameter with a schema; what is wrong with it leaves in words, for which the value has to be at hand. */
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, data } = metadata;
    if (!schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    if (metadata.type === 'query' && data === undefined) refuseUnknownParameters(value, schema);
    const result = await this.validate<T>(value, schema);
    // All schemas are zod's, whose findings hold more than the standard's.
    const issues = result.issues as readonly SchemaIssue[] | undefined;
    if (issues) throw invalidFields(faultsIn(issues, value).map((fault) => within(data, fault)));
    return (result as { value: T }).value;
  }
}

/** A misspelt filter would be answered with everything, which looks like an answer. */
function refuseUnknownParameters(query: unknown, schema: unknown): void {
  if (!(schema instanceof z.ZodObject)) return;
  const known = Object.keys(schema.shape);
  const unknown = Object.keys(query ?? {}).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const words = `is no parameter of this address; it takes ${known.join(', ')}`;
  throw invalidFields(unknown.map((name) => ({ path: name.slice(0, SHOWN_CHARACTERS), words })));
}
const SHOWN_CHARACTERS = 60;

/** A parameter that is one field of a query or of a path is named by that. */
const within = (name: string | undefined, fault: FieldFault): FieldFault =>
  name === undefined ? fault : { ...fault, path: fieldPath(name, fault.path) };
