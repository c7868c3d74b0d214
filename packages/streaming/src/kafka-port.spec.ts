import { systemClock } from './clock.js';
import { describeKafkaPort } from './testing/kafka-port.contract.js';
import { SimulatedKafka } from './testing/simulated-kafka.js';

let topics = 0;
const cluster = new SimulatedKafka(systemClock);
describeKafkaPort(
  'simulated',
  () => Promise.resolve(cluster.connect()),
  () => `topic-${++topics}`,
);
