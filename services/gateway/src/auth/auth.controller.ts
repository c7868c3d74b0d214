import { readFile } from 'node:fs/promises';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { issueDevToken } from '@shelfline/service-kit/auth';
import { Public, ROLES } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { JWK } from 'jose';
import { z } from 'zod';

export interface AuthFiles {
  /** Undefined unless started for development. */
  readonly devKeyFile: string | undefined;
  readonly jwksFile: string | undefined;
  readonly issuer: string;
  readonly audience: string;
}
export const AUTH_FILES = Symbol('auth files');

const EIGHT_HOURS_S = 8 * 60 * 60;
const scopeCode = z.string().min(1).max(64).optional();

const DevTokenQuery = z.object({
  role: z.enum(ROLES).default('storefront'),
  sub: z.string().min(1).max(64).default('dev'),
  channel: scopeCode,
  region: scopeCode,
  store: scopeCode,
  member: scopeCode,
  ttl: z.coerce.number().int().min(1).max(86_400).default(EIGHT_HOURS_S).describe('Seconds'),
});

const notHere = () =>
  problem(404, 'not-found', 'There is nothing here', 'Check the address; the API documentation is at /docs.');

@ApiTags('auth')
@Public()
@Controller('api/auth')
export class AuthController {
  constructor(@Inject(AUTH_FILES) private readonly files: AuthFiles) {}

  @Get('dev-token')
  @ApiOperation({ summary: 'A token for anybody who asks; only where the gateway was started for development' })
  async devToken(@Query({ schema: DevTokenQuery }) query: z.infer<typeof DevTokenQuery>): Promise<{ token: string }> {
    const { devKeyFile, issuer, audience } = this.files;
    if (devKeyFile === undefined) throw notHere();
    const key = JSON.parse(await readFile(devKeyFile, 'utf8')) as JWK;
    const { ttl, ...claims } = query;
    return { token: await issueDevToken(key, claims, { issuer, audience, ttlSeconds: ttl }) };
  }

  @Get('jwks')
  @ApiOperation({ summary: 'Public keys that check the tokens of this deployment' })
  async jwks(): Promise<unknown> {
    const { jwksFile } = this.files;
    if (jwksFile === undefined) throw notHere();
    return JSON.parse(await readFile(jwksFile, 'utf8'));
  }
}
