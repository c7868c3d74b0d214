export const CONNECT_METRICS = Symbol('connect metrics');
