import { SetMetadata } from '@nestjs/common';

export const ROLES = ['storefront', 'store', 'integrator', 'ops'] as const;
export type Role = (typeof ROLES)[number];

export const PUBLIC_KEY = 'shelfline:public';
export const ROLES_KEY = 'shelfline:roles';

/** No token asked for. */
export const Public = () => SetMetadata(PUBLIC_KEY, true);
/** These roles, and always `ops`. */
export const Roles = (...roles: Role[]) => SetMetadata(ROLES_KEY, roles);
