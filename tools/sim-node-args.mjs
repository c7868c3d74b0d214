/** Most of a history is garbage at its end: collected while it is young, it is not copied to where the old lies. */
export const SIM_NODE_ARGS = ['--min-semi-space-size=32', '--max-semi-space-size=64'];
