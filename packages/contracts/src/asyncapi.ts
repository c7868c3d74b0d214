import { z } from 'zod';
import { MESSAGES } from './messages.js';
import { TOPICS, type TopicDefinition, type TopicName } from './topics.js';

const VERSION = '0.1.0';

const jsonSchemaOf = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });

/** File name → JSON Schema (draft 7) of every message. */
export function jsonSchemas(): ReadonlyMap<string, object> {
  const schemas = new Map<string, object>();
  for (const messages of Object.values(MESSAGES))
    for (const { name, title, schema } of messages)
      schemas.set(`${name}.schema.json`, { ...jsonSchemaOf(schema), title });
  return schemas;
}

/** The data standard as AsyncAPI 3.0: every topic a channel, every message with its schema and CloudEvents headers. */
export function asyncApi(): object {
  const names = Object.keys(TOPICS) as TopicName[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Shelfline',
      version: VERSION,
      description: 'Topics and messages of Shelfline. Generated from packages/contracts; do not edit.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:9092', protocol: 'kafka', description: 'KAFKA_BROKERS tells the real address' },
    },
    channels: Object.fromEntries(names.map((name) => [name, channelOf(TOPICS[name], name)])),
    operations: Object.fromEntries(
      names.map((name) => [
        `${name}Sent`,
        {
          action: 'send',
          channel: { $ref: `#/channels/${name}` },
          summary: `Written by ${TOPICS[name].writer}`,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        names.flatMap((name) =>
          MESSAGES[name].map((message) => [
            message.name,
            {
              name: message.name,
              title: message.title,
              contentType: 'application/json',
              headers: CLOUD_EVENT_HEADERS,
              payload: jsonSchemaOf(message.schema),
            },
          ]),
        ),
      ),
    },
  };
}

const CLOUD_EVENT_HEADERS = {
  type: 'object',
  description: 'CloudEvents 1.0, Kafka binary mode',
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string' },
    ce_source: { type: 'string' },
    ce_type: { type: 'string' },
    traceparent: { type: 'string' },
  },
};

function channelOf(topic: TopicDefinition, name: TopicName): object {
  return {
    address: topic.name,
    description: `${topic.description}. Key: ${topic.key}; partitioned by ${topic.partitionedBy} (murmur2).`,
    messages: Object.fromEntries(
      MESSAGES[name].map((message) => [message.name, { $ref: `#/components/messages/${message.name}` }]),
    ),
    bindings: {
      kafka: {
        topic: topic.name,
        ...(topic.partitions === 'default' ? {} : { partitions: topic.partitions }),
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          [topic.cleanup === 'delete' ? 'retention.ms' : 'delete.retention.ms']: topic.retentionMs,
        },
        bindingVersion: '0.5.0',
      },
    },
  };
}
