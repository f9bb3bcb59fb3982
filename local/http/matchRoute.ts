import { LocalError } from "../LocalError.ts";

/** A route of an HTTP API, such as `ANY /webhooks/{platform}`. */
export interface Route<Target> {
  readonly key: string;
  readonly target: Target;
}

/** A request's route and what its variables stand for. */
export interface RouteMatch<Target> {
  readonly route: Route<Target>;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The first route that a request fits. A variable stands for one segment; its value is decoded.
 *
 * @param path as requested, without the query
 * @throws LocalError for a route key that the runner does not know, such as a greedy variable
 */
export function matchRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  const segments = path.split("/");
  for (const route of routes) {
    const [, routeMethod, routePath] = /^([A-Z]+) (\/[^+]*)$/.exec(route.key) ?? [];
    if (routePath === undefined) throw new LocalError(`the route "${route.key}" is not supported locally`);
    if (routeMethod !== "ANY" && routeMethod !== method) continue;
    const parameters = matchPath(routePath.split("/"), segments);
    if (parameters) return { route, parameters };
  }
  return undefined;
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const given = segments[index] ?? "";
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name === undefined && part !== given) return undefined;
    if (name === undefined) continue;
    const value = decode(given);
    if (value === undefined || value === "") return undefined;
    parameters[name] = value;
  }
  return parameters;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray "%" fits no route.
    return undefined;
  }
}
