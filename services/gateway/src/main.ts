import { bootstrap } from '@shelfline/service-kit/http';
import { connectKafka } from '@shelfline/streaming/kafkajs-port';
import { readConfig } from './config.js';
import { PARTS } from './front-door/routing.js';
import { gatewayParts } from './gateway.module.js';

const config = readConfig();
await bootstrap({
  name: 'gateway',
  description:
    'The edge: live stock over socket.io at /storefront, one address for the REST of all services, the web app and this documentation.',
  config,
  documents: [
    ...PARTS.map((part) => ({ name: part, url: `/docs/${part}/openapi.json` })),
    { name: 'gateway', url: '/openapi.json' },
  ],
  build: async (kit) => {
    const kafka = await connectKafka({
      brokers: config.KAFKA_BROKERS,
      clientId: `gateway-${config.INSTANCE_ID}`,
      log: kit.log,
    });
    return gatewayParts(kit, kafka);
  },
});
