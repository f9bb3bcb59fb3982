import { workerData } from "node:worker_threads";
import type { BootstrapData } from "../functions/protocol.ts";
import { readConfig } from "../readConfig.ts";
import { breakable } from "./breakable.ts";
import { readFault } from "./labFiles.ts";

/** What `#config` is in a function's thread: the team's config, whose providers can be broken. */
const { configPath, dataPath }: BootstrapData = workerData;

export default breakable(await readConfig(configPath), (provider) => readFault(dataPath, provider));
