import { workerData } from "node:worker_threads";
import given from "#config";
import { definedConfig } from "../../lib/config/definedConfig.ts";
import type { BootstrapData } from "../functions/protocol.ts";
import { simulated } from "../simulators/simulated.ts";
import { breakable } from "./breakable.ts";
import { readFault } from "./labFiles.ts";

/** What `#config` is to a function on this machine: the team's config, whose providers can be broken and platforms simulated. */
const { dataPath, simulated: urls }: BootstrapData = workerData;

export default simulated(
  breakable(definedConfig(given), (provider) => readFault(dataPath, provider)),
  urls,
);
