/** Injection tokens of what is no class of its own. */
export const AVAILABILITY_TABLE = Symbol('table of inventory.availability');
export const SAFETY_RULE = Symbol('safety stock by type');
export const FEEDS_DUE = Symbol('when the first feed of a partition is to be judged');
export const FEED_RULES = Symbol('when a feed counts as quiet, a gap as open');
export const STOCK_OBSERVER = Symbol('observer of decisions');
export const LONGEST_HOLD = Symbol('longest hold in ms');
