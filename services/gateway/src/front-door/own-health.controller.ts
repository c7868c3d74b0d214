import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@shelfline/service-kit/auth-decorators';
import type { FastifyReply } from 'fastify';

export const OWN_READINESS = Symbol('own readiness');
export type OwnReadiness = () => Readonly<Record<string, { readonly ready: boolean; readonly detail?: string }>>;

/** This instance alone, for load balancers: sockets are served although another part is down. */
@ApiTags('health')
@Public()
@Controller('health/ready')
export class OwnHealthController {
  constructor(@Inject(OWN_READINESS) private readonly checks: OwnReadiness) {}

  @Get('own')
  @ApiOperation({ summary: 'Whether this instance serves sockets, whatever the services behind it do' })
  own(@Res() reply: FastifyReply): void {
    const checks = this.checks();
    const ok = Object.values(checks).every(({ ready }) => ready);
    void reply
      .status(ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
      .send({ status: ok ? 'ok' : 'not ready', checks });
  }
}
