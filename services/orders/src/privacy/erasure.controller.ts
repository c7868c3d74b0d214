import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppointmentId } from '@shelfline/contracts/appointment';
import { EraseCustomer } from '@shelfline/contracts/erasure';
import { OrderId } from '@shelfline/contracts/order-id';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { z } from 'zod';
import { AppointmentErasure } from '../appointments/appointment-erasure.js';
import { DESK_SOURCE } from '../order-answers.js';
import { OrderDesk } from '../order-desk.js';
import { unknownOrder } from '../order-problems.js';
import { OrderListRepository } from '../queries/order-list.repository.js';
import { settledOutcome } from '../settled-outcome.js';

/** In one request; who has more orders is asked for again. */
const MOST_ORDERS = 500;

const { by, reason } = EraseCustomer.shape;
const EraseBody = z.strictObject({ by: by.optional().describe('Who decided it; of the token unless told'), reason });
const EraseMemberBody = EraseBody.extend({ memberId: z.string().min(1).max(64) });
const ErasedView = z.object({
  erased: z.int().describe('Orders from which the customer was taken out'),
  notYet: z
    .array(z.object({ orderId: OrderId, detail: z.string() }))
    .describe('Orders that still need him; ask again when they are over'),
  appointments: z.int().describe('Appointments at stores from which he was taken out'),
  appointmentsNotYet: z
    .array(AppointmentId)
    .describe('Appointments he is still to come to; ask again when they are over'),
  more: z.boolean().describe('There may be more: ask again'),
});

/** The customer's right to be forgotten. What was sold stays; every erasure is a step of its order with who and why. */
@ApiTags('privacy')
@Controller('api/orders')
@Roles('ops')
export class ErasureController {
  constructor(
    @Inject(OrderDesk) private readonly desk: Pick<OrderDesk, 'ask'>,
    @Inject(OrderListRepository) private readonly lists: Pick<OrderListRepository, 'list'>,
    @Inject(AppointmentErasure) private readonly appointments: Pick<AppointmentErasure, 'erase'>,
  ) {}

  @Post('erase-member')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Take a member out of all orders and appointments that are over: address, name, phone, reference to his file',
  })
  @ApiOkResponse({ standardSchema: ErasedView })
  async eraseMember(
    @Body({ schema: EraseMemberBody }) { memberId, ...body }: z.infer<typeof EraseMemberBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof ErasedView>> {
    const found = await this.lists.list({ filter: { member: memberId }, limit: MOST_ORDERS });
    const ids = found.map(({ orderId }) => orderId);
    const answers = await this.desk.ask(ids.map((orderId) => messageOf(orderId, body, principal)));
    const notYet: { orderId: string; detail: string }[] = [];
    for (const [i, answer] of answers.entries())
      try {
        settledOutcome(answer, ids[i]!);
      } catch (error) {
        notYet.push({ orderId: ids[i]!, detail: (error as { detail?: string }).detail ?? String(error) });
      }
    const erased = ids.length - notYet.length;
    const kept = new Set(notYet.map(({ orderId }) => orderId));
    const visits = await this.appointments.erase({ memberId, orderIds: ids.filter((id) => !kept.has(id)) });
    const more = (ids.length === MOST_ORDERS && erased > 0) || visits.more;
    return { erased, notYet, appointments: visits.erased, appointmentsNotYet: [...visits.notYet], more };
  }

  @Post(':orderId/erase-customer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the customer out of an order that is over: address, name, phone, member' })
  @ApiOkResponse({ standardSchema: ErasedView })
  async erase(
    @Param('orderId') orderId: string,
    @Body({ schema: EraseBody }) body: z.infer<typeof EraseBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof ErasedView>> {
    if (!OrderId.safeParse(orderId).success) throw unknownOrder(orderId);
    const [answer] = await this.desk.ask([messageOf(orderId, body, principal)]);
    settledOutcome(answer!, orderId);
    const {
      erased: appointments,
      notYet: appointmentsNotYet,
      more,
    } = await this.appointments.erase({ orderIds: [orderId] });
    return { erased: 1, notYet: [], appointments, appointmentsNotYet: [...appointmentsNotYet], more };
  }
}

const messageOf = (orderId: string, body: z.infer<typeof EraseBody>, { sub }: Principal): EraseCustomer => ({
  type: 'erase_customer',
  id: `erase/${randomUUID()}`,
  source: DESK_SOURCE,
  orderId,
  by: body.by ?? sub,
  reason: body.reason,
});
