import type { SimulatedKafkaPort } from '@shelfline/streaming/testing/simulated-kafka';
import type { Machine } from './machine.ts';
import type { Fault } from './plan-faults.ts';
import type { Scheduler } from './scheduler.ts';
import { GATEWAYS, SCREENS } from './setting.ts';
import { Screen, type Storefront, startStorefront } from './storefront-process.ts';
import type { Struck } from './strikes.ts';

const START_AGAIN_MS = 200;

interface Gateway {
  machine: Machine | undefined;
  /** Undefined while it starts. */
  storefront: Storefront | undefined;
  /** Until then its tables get nothing. */
  lagsUntilMs: number;
}
type GatewayFault = Extract<Fault, { kind: 'gateway-kill' | 'gateway-lag' | 'roam' | 'screen-stall' }>;

export interface GatewaysOptions {
  readonly struck: Struck;
  readonly scheduler: Scheduler;
  readonly machineOf: (name: string) => Machine;
  /** `waits` holds back what it reads. */
  readonly portOf: (machine: Machine, waits: () => Promise<void>) => SimulatedKafkaPort;
  readonly onFatal: (machine: Machine, error: Error) => void;
}

/** Gateways that share nothing, and screens that come back to any of them with the versions they hold. */
export class Gateways {
  readonly screens = Array.from({ length: SCREENS }, (_, i) => new Screen(`screen ${i + 1}`));
  private readonly gateways: Gateway[] = Array.from({ length: GATEWAYS }, () => ({
    machine: undefined,
    storefront: undefined,
    lagsUntilMs: 0,
  }));
  private readonly options: GatewaysOptions;

  constructor(options: GatewaysOptions) {
    this.options = options;
    for (const [i, screen] of this.screens.entries()) screen.gateway = i % GATEWAYS;
  }

  start(): void {
    for (let index = 0; index < GATEWAYS; index++) void this.startOne(index);
  }

  strike(fault: GatewayFault): void {
    const { scheduler, struck } = this.options;
    switch (fault.kind) {
      case 'gateway-kill':
        struck('gateway is killed');
        this.gateways[0]!.machine?.kill();
        this.gateways[0]!.storefront = undefined;
        for (const screen of this.screens) if (screen.gateway === 0) this.roam(screen);
        scheduler.at(scheduler.now() + fault.downMs, () => void this.startOne(0));
        return;
      case 'gateway-lag':
        struck('gateway lags');
        this.gateways[fault.gateway]!.lagsUntilMs = scheduler.now() + fault.forMs;
        return;
      case 'roam':
        this.roam(this.screens[fault.screen]!);
        return;
      case 'screen-stall':
        struck('screen stops reading');
        this.screens[fault.screen]!.stall(scheduler.now() + fault.forMs);
    }
  }

  private roam(screen: Screen): void {
    this.options.struck('screen comes back to another gateway');
    screen.leave();
    screen.gateway = (screen.gateway + 1) % GATEWAYS;
    void this.gateways[screen.gateway]!.storefront?.connect(screen);
  }

  private async startOne(index: number): Promise<void> {
    const gateway = this.gateways[index]!;
    gateway.machine?.kill();
    const { scheduler, machineOf, portOf, onFatal } = this.options;
    const machine = machineOf(`gateway-${index}`);
    gateway.machine = machine;
    const waits = async () => {
      while (gateway.lagsUntilMs > scheduler.now()) await scheduler.sleep(gateway.lagsUntilMs - scheduler.now());
    };
    try {
      const storefront = await startStorefront(machine, portOf(machine, waits), (error) => onFatal(machine, error));
      if (gateway.machine !== machine) return;
      gateway.storefront = storefront;
      for (const screen of this.screens) if (screen.gateway === index) void storefront.connect(screen);
    } catch {
      machine.kill();
      scheduler.at(scheduler.now() + START_AGAIN_MS, () => void this.startOne(index));
    }
  }
}
