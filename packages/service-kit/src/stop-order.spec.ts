import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Public } from './auth-decorators.js';
import { bootstrap, type ServiceParts } from './http.js';
import { serviceConfig } from './testing/service-config.js';

/** A promise that someone else resolves. */
function gate<T = void>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

class Story {
  readonly told: string[] = [];
  readonly slowArrived = gate();
  readonly slowMayGo = gate();
}

@Injectable()
class Closing implements OnModuleDestroy, OnApplicationShutdown {
  constructor(@Inject(Story) private readonly story: Story) {}
  onModuleDestroy(): void {
    this.story.told.push('module destroyed');
  }
  onApplicationShutdown(): void {
    this.story.told.push('application shut down');
  }
}

@Public()
@Controller('api')
class SlowController {
  constructor(@Inject(Story) private readonly story: Story) {}
  @Get('slow')
  async slow(): Promise<{ done: boolean }> {
    this.story.slowArrived.open();
    await this.story.slowMayGo.opened;
    this.story.told.push('request answered');
    return { done: true };
  }
}

/** A transport that has nothing to hear, as Nest sees one. */
function strategyOf(story: Story): NonNullable<ServiceParts['strategies']>[number] {
  return {
    listen: (callback) => {
      story.told.push('streams started');
      callback();
    },
    close: async () => {
      story.told.push('streams drained');
    },
  };
}

async function upgradedSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /push HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

describe('a service with everything', () => {
  it('starts, and stops in order: requests, streams, outbox, sockets, Nest, database', async () => {
    const story = new Story();
    const { config } = await serviceConfig();
    const serverSockets: Socket[] = [];
    const service = await bootstrap({
      name: 'example',
      description: 'A small service',
      config,
      handleSignals: false,
      build: async ({ lifecycle, metrics }) => {
        metrics.counter({ name: 'shelfline_example_total', help: 'Examples' });
        lifecycle.onStop('database', 'mongodb', () => story.told.push('database closed'));
        lifecycle.onStop('sockets', 'push', () => {
          story.told.push('sockets told goodbye');
          for (const socket of serverSockets) socket.end('goodbye');
        });
        lifecycle.onStop('outbox', 'publisher', () => story.told.push('outbox empty'));
        return {
          controllers: [SlowController],
          providers: [{ provide: Story, useValue: story }, Closing],
          strategies: [strategyOf(story)],
          prepare: (app) => {
            app.getHttpServer().on('upgrade', (_request: unknown, socket: Socket) => {
              serverSockets.push(socket);
              socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
            });
          },
        };
      },
    });
    expect((await fetch(`${service.address}/health/ready`)).status).toBe(200);
    const port = Number(new URL(service.address).port);
    const socket = await upgradedSocket(port);
    const goodbye = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));

    const slow = fetch(`${service.address}/api/slow`);
    await story.slowArrived.opened;
    const stop = service.lifecycle.stop();
    await expect(fetch(`${service.address}/health/live`)).rejects.toThrow('fetch failed');
    expect(story.told).toEqual(['streams started']);

    story.slowMayGo.open();
    expect(await (await slow).json()).toEqual({ done: true });
    await stop;
    expect(await goodbye).toBe('goodbye');
    expect(story.told).toEqual([
      'streams started',
      'request answered',
      'streams drained',
      'outbox empty',
      'sockets told goodbye',
      'module destroyed',
      'application shut down',
      'database closed',
    ]);
    socket.destroy();
  });

  it('drains its streams even when a client never finishes its request', async () => {
    const story = new Story();
    const { config } = await serviceConfig({ SHUTDOWN_TIMEOUT_MS: '100' });
    const service = await bootstrap({
      name: 'example',
      description: 'A small service',
      config,
      handleSignals: false,
      build: async () => ({
        controllers: [SlowController],
        providers: [{ provide: Story, useValue: story }],
        strategies: [strategyOf(story)],
      }),
    });
    const slow = fetch(`${service.address}/api/slow`).catch((error: Error) => error);
    await story.slowArrived.opened;
    await service.lifecycle.stop();
    expect(story.told).toEqual(['streams started', 'streams drained']);
    expect(await slow).toMatchObject({ message: 'fetch failed' });
    story.slowMayGo.open();
  });

  it('says which port is taken', async () => {
    const { config } = await serviceConfig();
    const nothing = async () => ({ controllers: [], providers: [] });
    const start = (PORT: number) =>
      bootstrap({
        name: 'example',
        description: '',
        config: { ...config, PORT },
        handleSignals: false,
        build: nothing,
      });
    const first = await start(0);
    const port = Number(new URL(first.address).port);
    await expect(start(port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken by another program`);
    await first.lifecycle.stop();
  });

  it('does not start without keys, and says what to set', async () => {
    const { config } = await serviceConfig();
    const { AUTH_JWKS_FILE: _, ...without } = config;
    await expect(
      bootstrap({
        name: 'example',
        description: '',
        config: without,
        handleSignals: false,
        build: () => Promise.reject(new Error('parts were made all the same')),
      }),
    ).rejects.toThrow(/AUTH_JWKS_URL/);
  });
});
