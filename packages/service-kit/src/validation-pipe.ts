import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { type FieldFault, faultsIn } from '@shelfline/contracts/issue-words';
import type { SchemaIssue } from '@shelfline/contracts/schema-issue';
import { invalidFields } from './problem.js';

/** Every parameter with a schema; what is wrong with it leaves in words, for which the value has to be at hand. */
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, data } = metadata;
    if (!schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const result = await this.validate<T>(value, schema);
    // All schemas are zod's, whose findings hold more than the standard's.
    const issues = result.issues as readonly SchemaIssue[] | undefined;
    if (issues) throw invalidFields(faultsIn(issues, value).map((fault) => within(data, fault)));
    return (result as { value: T }).value;
  }
}

/** A parameter that is one field of a query or of a path is named by that. */
const within = (name: string | undefined, fault: FieldFault): FieldFault =>
  name === undefined ? fault : { ...fault, path: [name, fault.path].filter((part) => part !== '').join('.') };
