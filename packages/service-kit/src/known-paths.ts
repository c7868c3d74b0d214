import type { FastifyInstance } from 'fastify';

/** Which methods each path of a service takes, for who asks by another one. */
export class KnownPaths {
  private readonly paths = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** Hears of every route that is registered from now on. */
  listen(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      // What takes everything below it is no address of its own.
      if (url.includes('*')) return;
      const path = this.paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const one of [method].flat()) path.methods.add(one);
      this.paths.set(url, path);
    });
  }

  /** In alphabetical order; empty where there is no such path. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0]!;
    const methods = new Set<string>();
    for (const { pattern, methods: taken } of this.paths.values())
      if (pattern.test(path)) for (const method of taken) methods.add(method);
    return [...methods].sort();
  }
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(SPECIAL, String.raw`\$&`)));
  return new RegExp(`^${parts.join('/')}/?$`);
}
const SPECIAL = /[$()*+.?[\\\]^{|}-]/g;
