import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { withProblems } from './documented-problems.js';

describe('the documentation of an address', () => {
  it('named what it answers when all is well, and nothing else', () => {
    const ok = { description: 'An order' };
    const document = { paths: { '/orders': { post: { responses: { 200: ok } }, summary: 'Orders' } } };
    const { paths } = withProblems(document as unknown as OpenAPIObject);
    expect(paths['/orders']).toMatchObject({ summary: 'Orders', post: { responses: { 200: ok } } });
    const { default: otherwise } = paths['/orders']!.post!.responses;
    expect(otherwise).toMatchObject({
      content: { 'application/problem+json': { schema: { required: ['type', 'title', 'status', 'detail'] } } },
    });
    expect(paths['/orders']).not.toHaveProperty('get');
  });
});
