/** `order/number`. */
export const taskIdOf = (orderId: string, number: number): string => `${orderId}/${number}`;
