import type { Placed } from '../placed.js';

export interface CustomerErased {
  readonly type: 'customer_erased';
  /** Absent where time did it. */
  readonly by?: string;
  readonly reason: string;
  /** The reference to his file is taken out too: he asked for it. */
  readonly withMember: boolean;
}

export const erasedFields = (placed: Placed, { withMember }: CustomerErased, customerErasedAtMs: number) => ({
  placed: withoutCustomer(placed, withMember),
  customerErasedAtMs,
});

/** Region and city tell nobody's door, and head office counts by them. */
function withoutCustomer(placed: Placed, withMember: boolean): Placed {
  const { destination, memberId, ...rest } = placed;
  const { region, city } = destination ?? {};
  return {
    ...rest,
    ...(memberId === undefined || withMember ? {} : { memberId }),
    ...(destination
      ? { destination: { ...(region === undefined ? {} : { region }), ...(city === undefined ? {} : { city }) } }
      : {}),
  };
}
