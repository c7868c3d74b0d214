import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import { invalidFields, ProblemError, problem, toProblem } from './problem.js';

describe('toProblem', () => {
  it('writes a problem as it was meant', () => {
    expect(toProblem(problem(409, 'short', 'Stock is short', 'Two are missing.', { shortUnits: 2 }))).toEqual({
      type: 'urn:shelfline:problem:short',
      title: 'Stock is short',
      status: 409,
      detail: 'Two are missing.',
      shortUnits: 2,
    });
  });

  it.each([
    [new Error('mongodb://user:swordfish@db refused')],
    [new HttpException('swordfish', 500)],
    ['swordfish'],
    [undefined],
    [null],
    [{ statusCode: 'x', message: 'swordfish' }],
    [{ statusCode: 200, message: 'swordfish' }],
  ])('tells nothing of the unexpected (%p)', (error) => {
    const details = toProblem(error);
    expect(details).toMatchObject({ status: 500, type: 'urn:shelfline:problem:internal' });
    expect(JSON.stringify(details)).not.toContain('swordfish');
  });

  it('keeps the status of what Nest and Fastify throw, and says what to do', () => {
    expect(toProblem(new NotFoundException('Cannot GET /nowhere'))).toMatchObject({
      status: 404,
      detail: 'Check the address; the API documentation is at /docs.',
    });
    expect(toProblem(new ForbiddenException('Not yours'))).toMatchObject({ status: 403, detail: /^Not yours\. / });
    expect(toProblem({ statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE', message: 'x' })).toMatchObject({
      status: 413,
      detail: /over the limit/,
    });
  });
});

describe('invalidFields', () => {
  it('names the fields, at most fifty, as dotted paths', () => {
    const faults = Array.from({ length: 5000 }, (_, index) => ({ path: `${index}.sku`, words: 'must not be empty' }));
    const error = invalidFields(faults);
    expect(error).toBeInstanceOf(ProblemError);
    const errors = error.extra['errors'] as unknown[];
    expect(errors).toHaveLength(50);
    expect(errors[3]).toEqual({ path: '3.sku', message: 'must not be empty' });
    expect(error.detail).toMatch(
      /^0\.sku must not be empty; .*; and 4997 more\. Nothing of the request was done; correct/,
    );
  });
});
