import type { OpenAPIObject } from '@nestjs/swagger';

const PROBLEM = {
  description: 'Problem Details (RFC 9457): what happened, what it means, what to do',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail'],
        properties: {
          type: { type: 'string', description: 'To tell one problem from another: urn:shelfline:problem:…' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string', description: 'For people' },
          errors: {
            type: 'array',
            description: 'Of a refusal: each field to correct',
            items: {
              type: 'object',
              required: ['path', 'message'],
              properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  },
} as const;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Each address with what it answers otherwise than it should: a reader of the documentation has to be ready for it. */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const operations = METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [[method, { ...operation, responses: { ...operation.responses, default: PROBLEM } }]] : [];
    });
    return [path, { ...item, ...Object.fromEntries(operations) }];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}
