// What a team's own CDK app imports, as "vesper/cdk".

export { GatewayStack } from "./GatewayStack.ts";
export { SessionGateway, type SessionGatewayProps } from "./SessionGateway.ts";
export { synthesize } from "./synthesize.ts";
