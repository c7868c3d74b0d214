import { z } from 'zod';

export const LocationType = z.enum(['ecommerce_dc', 'regional_dc', 'factory_dc', 'store', 'agent']);
export type LocationType = z.infer<typeof LocationType>;
