import type { Config } from "../../lib/config/Config.ts";
import type { SessionGateway } from "../SessionGateway.ts";

/** What the dashboard is made from: the config names the platforms and providers that it shows one by one. */
export interface DashboardProps {
  readonly config: Config;
  readonly gateway: SessionGateway;
}
