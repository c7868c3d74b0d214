import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppointmentId, type AppointmentMessage } from '@shelfline/contracts/appointment';
import { CurrentPrincipal, type Principal } from '@shelfline/service-kit/auth';
import { Roles } from '@shelfline/service-kit/auth-decorators';
import { problem } from '@shelfline/service-kit/problem';
import type { z } from 'zod';
import type { Appointment } from '../domain/appointments/decide-appointment.js';
import { slotsBetween, whyNoSlots } from '../domain/appointments/slots.js';
import { OrdersRepository } from '../orders.repository.js';
import { getVisibleOrder } from '../queries/order-scope.js';
import { APPOINTMENT_DESK, AppointmentDesk, unknownAppointment } from './appointment-desk.js';
import {
  AppointmentsQuery,
  AppointmentsView,
  AppointmentView,
  appointmentView,
  BookBody,
  CancelAppointmentBody,
  MoveBody,
  SlotsQuery,
  SlotsView,
} from './appointment-views.js';
import { AppointmentsRepository, MOST_LISTED } from './appointments.repository.js';
import { AppointmentPlaces } from './appointments-intake.handler.js';

const unknownStore = (store: string) =>
  problem(
    404,
    'unknown-store',
    'There is no such place',
    `The catalog has no place ${store}. Look at /api/catalog/locations for those there are.`,
  );

const LONGEST_SPAN_MS = 31 * 24 * 60 * 60 * 1000;

/** Visits and pickup slots at stores. Stores see and change their own. */
@ApiTags('appointments')
@Controller('api/orders/appointments')
@Roles('integrator', 'store')
export class AppointmentsController {
  constructor(
    @Inject(AppointmentDesk) private readonly desk: Pick<AppointmentDesk, 'ask' | 'book'>,
    @Inject(AppointmentsRepository)
    private readonly repository: Pick<AppointmentsRepository, 'findAppointment' | 'findBooked' | 'countBooked'>,
    @Inject(AppointmentPlaces) private readonly places: AppointmentPlaces,
    @Inject(OrdersRepository) private readonly orders: Pick<OrdersRepository, 'findOrder'>,
  ) {}

  @Get('slots')
  @ApiOperation({
    summary: 'Slots of a place that begin within a span of at most 31 days, and how many may still come',
  })
  @ApiOkResponse({ standardSchema: SlotsView })
  async slots(@Query({ schema: SlotsQuery }) query: z.infer<typeof SlotsQuery>): Promise<z.infer<typeof SlotsView>> {
    const { store } = query;
    const { startMs, endMs } = spanOf(query);
    const place = this.places.find(store);
    if (!place) throw unknownStore(store);
    const none = whyNoSlots(place);
    const slots = slotsBetween(place, startMs, endMs);
    const last = slots.at(-1);
    const booked = last ? await this.repository.countBooked(store, { startMs, endMs: last.endMs }) : [];
    return {
      store,
      ...(none ? { none } : {}),
      slots: slots.map((slot) => {
        const there = booked.reduce(
          (sum, one) => (one.startMs < slot.endMs && one.endMs > slot.startMs ? sum + one.count : sum),
          0,
        );
        const free = Math.max(0, place.appointments!.perSlot - there);
        return { start: new Date(slot.startMs).toISOString(), end: new Date(slot.endMs).toISOString(), free };
      }),
    };
  }

  @Get()
  @ApiOperation({ summary: 'Who comes to a store within a span, the soonest first' })
  @ApiOkResponse({ standardSchema: AppointmentsView })
  async list(
    @Query({ schema: AppointmentsQuery }) query: z.infer<typeof AppointmentsQuery>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.infer<typeof AppointmentsView>> {
    const store = principal.role === 'store' ? principal.store : query.store;
    if (store === undefined)
      throw problem(400, 'store-missing', 'Whose appointments is not said', 'Give `store`, and send it again.');
    const found = await this.repository.findBooked(store, spanOf(query), channelFor(principal));
    return { items: found.map(appointmentView), more: found.length === MOST_LISTED };
  }

  @Get(':appointmentId')
  @ApiOperation({ summary: 'An appointment' })
  @ApiOkResponse({ standardSchema: AppointmentView })
  async get(@Param('appointmentId') id: string, @CurrentPrincipal() who: Principal): Promise<AppointmentView> {
    return appointmentView(await this.getOwn(id, who));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Books a slot; the same again is answered again, and what was refused may be tried again under its name',
  })
  @ApiOkResponse({ standardSchema: AppointmentView })
  async book(
    @Body({ schema: BookBody }) body: z.infer<typeof BookBody>,
    @CurrentPrincipal() who: Principal,
  ): Promise<AppointmentView> {
    const { appointmentId, store, orderId } = body;
    if (who.role === 'store' && who.store !== store)
      throw problem(403, 'other-store', 'This token is for another store', `It books at ${who.store} alone.`);
    const order = orderId === undefined ? undefined : await getVisibleOrder(this.orders, orderId, who);
    const channel = channelFor(who) ?? order?.placed.channel;
    await this.desk.book(defined({ ...body, channel }));
    return appointmentView(await this.getOwn(appointmentId, who));
  }

  @Post(':appointmentId/move')
  @HttpCode(200)
  @ApiOperation({ summary: 'Moves it to another slot of the same store; where that is taken it stays' })
  @ApiOkResponse({ standardSchema: AppointmentView })
  async move(
    @Param('appointmentId') appointmentId: string,
    @Body({ schema: MoveBody }) { start, id = randomUUID() }: z.infer<typeof MoveBody>,
    @CurrentPrincipal() who: Principal,
  ): Promise<AppointmentView> {
    const { store } = await this.getOwn(appointmentId, who);
    const named = { id: `move/${appointmentId}/${id}`, source: APPOINTMENT_DESK, appointmentId, store };
    return this.ask({ type: 'move', ...named, start }, who);
  }

  @Post(':appointmentId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives the slot back' })
  @ApiOkResponse({ standardSchema: AppointmentView })
  async cancel(
    @Param('appointmentId') appointmentId: string,
    @Body({ schema: CancelAppointmentBody }) { id = randomUUID() }: z.infer<typeof CancelAppointmentBody>,
    @CurrentPrincipal() who: Principal,
  ): Promise<AppointmentView> {
    const { store } = await this.getOwn(appointmentId, who);
    const named = { id: `cancel/${appointmentId}/${id}`, source: APPOINTMENT_DESK, appointmentId, store };
    return this.ask({ type: 'cancel', ...named }, who);
  }

  private async ask(message: AppointmentMessage, who: Principal): Promise<AppointmentView> {
    await this.desk.ask(message);
    return appointmentView(await this.getOwn(message.appointmentId, who));
  }

  /** The same answer where there is none and where it is another store's, or of another channel. */
  private async getOwn(id: string, who: Principal): Promise<Appointment> {
    const found = AppointmentId.safeParse(id).success ? await this.repository.findAppointment(id) : undefined;
    const channel = channelFor(who);
    const isOwn =
      who.role === 'store' ? found?.store === who.store : channel === undefined || found?.channel === channel;
    if (!found || !isOwn) throw unknownAppointment(id);
    return found;
  }
}

/** The system of a channel sees what that booked, or sold. */
const channelFor = ({ role, channel }: Principal): string | undefined => (role === 'store' ? undefined : channel);

const defined = <T extends object>(body: T): T =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;

function spanOf({ from, until }: { readonly from: string; readonly until: string }) {
  const [startMs, endMs] = [Date.parse(from), Date.parse(until)];
  if (endMs > startMs && endMs - startMs <= LONGEST_SPAN_MS) return { startMs, endMs };
  throw problem(400, 'span', 'That span cannot be looked at', 'Give `until` after `from`, at most 31 days later.');
}
