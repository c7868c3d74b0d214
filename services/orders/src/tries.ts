/**
 * A refusal took nothing, so a name that was refused may be tried again: as it was, since what it lacked may be there by
 * now, or corrected. Each try has a message of its own, numbered, so that one that is sent twice is still decided once.
 */
export const triedAs = <M extends { readonly id: string }>(message: M, tries: number): M =>
  tries === 1 ? message : { ...message, id: `${message.id}/${tries}` };

/** Beyond it the last refusal stands: somebody asks in a circle. */
export const MOST_TRIES = 30;
