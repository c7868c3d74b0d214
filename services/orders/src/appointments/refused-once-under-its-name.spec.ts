import { expect, it } from '@jest/globals';
import type { AppointmentOutcome, BookAppointment } from '@shelfline/contracts/appointment';
import { contentHashOf } from '../read-message.js';
import { AppointmentDesk } from './appointment-desk.js';

const BOOKING = { appointmentId: 'fit-1', store: 'shop', start: '2026-06-01T10:00:00Z', purpose: 'visit' } as const;

/** Answers what is asked as told; an id that was heard before is answered from its entry, as the stream does. */
function deskOf(...results: AppointmentOutcome['result'][]) {
  const sent: BookAppointment[] = [];
  const entries = new Map<string, object>();
  const publisher = {
    publish: (records: readonly { readonly value: unknown }[]) => {
      const { value } = records[0]!;
      const { id, source, appointmentId, store, ...more } = value as BookAppointment;
      const key = `${source}/${id}`;
      sent.push(value as BookAppointment);
      const answer = { id, source, appointmentId, store, version: 1, result: results[sent.length - 1]!, errors: [] };
      const contentHash = contentHashOf({ id, source, appointmentId, store, ...more });
      if (!entries.has(key)) entries.set(key, { _id: key, contentHash, answer });
      return Promise.resolve([{ ok: true }]);
    },
  };
  const store = {
    findEntries: (ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, entries.get(id)]))),
  };
  const desk = new AppointmentDesk(publisher as never, { expect: () => Promise.resolve(undefined) }, store as never, 1);
  return { desk, sent };
}

it('used up the name of an appointment that was refused', async () => {
  const { desk, sent } = deskOf('refused', 'refused', 'applied', 'applied');
  await expect(desk.book(BOOKING)).rejects.toMatchObject({ status: 422 });
  // Once more for the same slot, which may be free by now, and then for another.
  await expect(desk.book(BOOKING)).rejects.toMatchObject({ status: 422 });
  await expect(desk.book({ ...BOOKING, start: '2026-06-01T11:00:00Z' })).resolves.toMatchObject({ result: 'applied' });
  await expect(desk.book(BOOKING)).resolves.toMatchObject({ result: 'applied' });
  expect(new Set(sent.map(({ id }) => id)).size).toBe(4);
  expect(sent.every(({ id }) => id.startsWith('book/fit-1/') && id.length <= 128)).toBe(true);
});

it('asks once for what was booked, however often it is sent', async () => {
  const { desk, sent } = deskOf('applied');
  for (let i = 0; i < 3; i++) await desk.book({ ...BOOKING });
  expect(sent).toHaveLength(1);
});
