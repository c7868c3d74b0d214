/** Version of the state that a compacted topic's record tells: a tombstone has no value to carry it. */
export const VERSION_HEADER = 'sl-version';
/** Of a task that is closed, a tombstone on its topic: the state it closed with. */
export const STATE_HEADER = 'sl-state';
