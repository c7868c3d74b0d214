interface Named {
  readonly id: string;
}

/**
 * A refusal took nothing, so a name that was refused may be tried again: as it was, since what it lacked may be there by
 * now, or corrected. Each try has a message of its own, numbered, so that one that is sent twice is still decided once.
 *
 * The number stands in the word that the desk puts before the name, `hold:2/…`: what a caller names himself may hold every
 * character that an id may hold, so behind his name no number is safe from being part of another one.
 */
export const triedAs = <M extends Named>(message: M, tries: number): M =>
  tries === 1 ? message : { ...message, id: message.id.replace('/', `:${tries}/`) };

/**
 * As former versions numbered it. It may as well be the name of somebody else's request, so it is this try only where it
 * says the same.
 */
export const formerlyTriedAs = <M extends Named>(message: M, tries: number): M => ({
  ...message,
  id: `${message.id}/${tries}`,
});

/** The word before the name, whichever try it is. */
export const kindIn = (id: string): string => /^[^:/]*/.exec(id)![0];

/** Beyond it the last refusal stands: somebody asks in a circle. */
export const MOST_TRIES = 30;
