import type { FastifyInstance } from 'fastify';

/** Knows every route that was registered, to tell a wrong method from a wrong path. */
export interface RouteList {
  methodsOf(path: string): readonly string[];
  all(): readonly { readonly method: string; readonly url: string }[];
}

/** Starts to listen for routes; must be called before they are registered. */
export function listRoutes(app: FastifyInstance): RouteList {
  const routes: { method: string; url: string; pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replaceAll(/[.]/g, '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
    for (const each of [method].flat()) routes.push({ method: each, url, pattern });
  });
  return {
    methodsOf: (path) => [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
    ],
    all: () => routes.map(({ method, url }) => ({ method, url })),
  };
}
