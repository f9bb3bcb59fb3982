import type { FunctionPool } from "../functions/FunctionPool.ts";
import { LocalError } from "../LocalError.ts";
import type { Names } from "../template/Names.ts";
import { readResources } from "../template/readResources.ts";
import type { Template } from "../template/Template.ts";
import { integrationSpec, routeSpec } from "./httpSpecs.ts";
import { matchRoute, type Route } from "./matchRoute.ts";
import type { Invoke } from "./startHttp.ts";

/** Names the template's HTTP APIs: their address is this machine's. */
export function nameApis(template: Template, names: Names, url: string): void {
  for (const [id, { Type: type }] of Object.entries(template.Resources)) {
    if (type === "AWS::ApiGatewayV2::Api") names.add(id, id, { ApiEndpoint: url });
  }
}

/** The template's routes and the functions behind them. @throws LocalError for one that the runner can't do */
export function readRoutes(
  template: Template,
  names: Names,
  functions: ReadonlyMap<string, FunctionPool>,
): readonly Route<Invoke>[] {
  const integrations = new Map(
    readResources(template, "AWS::ApiGatewayV2::Integration", integrationSpec, names.lookup).map(
      ({ id, properties }) => {
        names.add(id, id);
        return [id, functions.get(properties.IntegrationUri)] as const;
      },
    ),
  );
  const routes = readResources(template, "AWS::ApiGatewayV2::Route", routeSpec, names.lookup).map(({ properties }) => {
    const pool = integrations.get(properties.Target.replace("integrations/", ""));
    if (!pool) throw new LocalError(`the route "${properties.RouteKey}" of the template leads to no function`);
    return { key: properties.RouteKey, target: (event: unknown) => pool.invoke(event) };
  });
  // A route that can't be matched stops the start, not the first request.
  matchRoute(routes, "", "");
  return routes;
}
