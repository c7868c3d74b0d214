import type { Channel, Location, Organisation } from '@shelfline/contracts/catalog';

/**
 * The sample holds store numbers and nothing else of the network. Cities, regions, coordinates, warehouses, channels
 * and owners below are DERIVED: made up, the same every time, so that the page has a network to show.
 */
interface City {
  readonly name: string;
  readonly zh: string;
  readonly region: string;
  readonly latitude: number;
  readonly longitude: number;
}
const CITIES: readonly City[] = [
  { name: 'Cincinnati', zh: '辛辛那提', region: 'ohio-valley', latitude: 39.1, longitude: -84.51 },
  { name: 'Dayton', zh: '代顿', region: 'ohio-valley', latitude: 39.76, longitude: -84.19 },
  { name: 'Columbus', zh: '哥伦布', region: 'ohio-valley', latitude: 39.96, longitude: -83.0 },
  { name: 'Louisville', zh: '路易斯维尔', region: 'ohio-valley', latitude: 38.25, longitude: -85.76 },
  { name: 'Indianapolis', zh: '印第安纳波利斯', region: 'midwest', latitude: 39.77, longitude: -86.16 },
  { name: 'Chicago', zh: '芝加哥', region: 'midwest', latitude: 41.88, longitude: -87.63 },
  { name: 'Detroit', zh: '底特律', region: 'midwest', latitude: 42.33, longitude: -83.05 },
  { name: 'Milwaukee', zh: '密尔沃基', region: 'midwest', latitude: 43.04, longitude: -87.91 },
  { name: 'Atlanta', zh: '亚特兰大', region: 'south', latitude: 33.75, longitude: -84.39 },
  { name: 'Nashville', zh: '纳什维尔', region: 'south', latitude: 36.16, longitude: -86.78 },
  { name: 'Houston', zh: '休斯敦', region: 'south', latitude: 29.76, longitude: -95.37 },
  { name: 'Dallas', zh: '达拉斯', region: 'south', latitude: 32.78, longitude: -96.8 },
  { name: 'Denver', zh: '丹佛', region: 'west', latitude: 39.74, longitude: -104.99 },
  { name: 'Phoenix', zh: '菲尼克斯', region: 'west', latitude: 33.45, longitude: -112.07 },
  { name: 'Seattle', zh: '西雅图', region: 'west', latitude: 47.61, longitude: -122.33 },
  { name: 'Portland', zh: '波特兰', region: 'west', latitude: 45.52, longitude: -122.68 },
];
const OWNER = 'brand-hq';

/** FNV-1a: spreads store numbers over cities the same way on every machine. */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export const storeCode = (storeId: string): string => `store-${storeId}`;

export function deriveStore(storeId: string): Location {
  const hash = spread(storeId);
  const city = CITIES[hash % CITIES.length]!;
  // Up to about 15 km around the city's centre, in steps of a thousandth of a degree.
  const north = (((hash >>> 8) % 271) - 135) / 1000;
  const east = (((hash >>> 16) % 271) - 135) / 1000;
  return {
    code: storeCode(storeId),
    type: 'store',
    name: `${city.name} store ${storeId}`,
    nameZh: `${city.zh} ${storeId} 号店`,
    city: city.name,
    region: city.region,
    latitude: Math.round((city.latitude + north) * 1000) / 1000,
    longitude: Math.round((city.longitude + east) * 1000) / 1000,
    organisation: OWNER,
    timeZone: 'UTC',
    openingHours: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '08:00', closes: '22:00' })),
    capacityPerDay: 60,
    active: true,
  };
}

const warehouse = (code: string, type: Location['type'], name: string, nameZh: string, city: City): Location => ({
  code,
  type,
  name,
  nameZh,
  city: city.name,
  region: city.region,
  latitude: city.latitude,
  longitude: city.longitude,
  organisation: OWNER,
  timeZone: 'UTC',
  // The sample's figures are of 2017: without this they would be too old to promise.
  staleAfterMinutes: 525_600,
  active: true,
});

export const DERIVED_WAREHOUSES: readonly Location[] = [
  warehouse('dc-online', 'ecommerce_dc', 'Online fulfilment centre', '电商标准仓', CITIES[0]!),
  warehouse('dc-midwest', 'regional_dc', 'Midwest turnover warehouse', '中西部区域周转仓', CITIES[5]!),
  warehouse('dc-south', 'regional_dc', 'South turnover warehouse', '南部区域周转仓', CITIES[8]!),
  warehouse('dc-factory', 'factory_dc', 'Factory main warehouse', '工厂大仓', CITIES[4]!),
];

export const DERIVED_ORGANISATIONS: readonly Organisation[] = [
  { code: OWNER, name: 'The brand', nameZh: '品牌总部', kind: 'brand', active: true },
];

/** Of the orders that the replay places. */
export const ONLINE_CHANNEL = 'sample-online';

export const DERIVED_CHANNELS: readonly Channel[] = [
  {
    code: 'web',
    name: 'Official web shop',
    nameZh: '官方商城',
    pools: [
      { code: 'warehouses', locationTypes: ['ecommerce_dc', 'regional_dc', 'factory_dc'], bufferUnits: 0 },
      ...[...new Set(CITIES.map(({ region }) => region))].map((region) => ({
        code: `stores-${region}`,
        locationTypes: ['store' as const],
        regions: [region],
        bufferUnits: 1,
      })),
    ],
    // Half a dozen over all places: most products sell a few units a week.
    lowAtUnits: 6,
    active: true,
  },
  {
    code: ONLINE_CHANNEL,
    name: 'Online orders of the sample',
    nameZh: '示例线上订单',
    pools: [
      {
        code: 'everywhere',
        locationTypes: ['ecommerce_dc', 'regional_dc', 'factory_dc', 'store'],
        bufferUnits: 0,
      },
    ],
    lowAtUnits: 6,
    active: true,
  },
];

const WAREHOUSES: ReadonlySet<string> = new Set(DERIVED_WAREHOUSES.map(({ code }) => code));
/** Made up here, so nobody works there. */
export const isDerivedPlace = (code: string): boolean => WAREHOUSES.has(code) || code.startsWith(storeCode(''));
