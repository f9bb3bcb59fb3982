import { createServer } from "node:http";
import { startDynamoDb } from "../../../emulators/dynamodb/startDynamoDb.ts";
import { startSqs } from "../../../emulators/sqs/startSqs.ts";
import { synthesizeInThread } from "../../../local/template/synthesizeInThread.ts";
import { createWiring } from "../../../test/harness/createWiring.ts";
import type { Emulators } from "./Emulators.ts";

/** All that is outside the handlers, as a process of its own: tells its parent where it is and ends with it. */

const configPath = new URL("../../../test/harness/fixtures/world.config.ts", import.meta.url).pathname;

const [dynamoDb, sqs, { template }] = await Promise.all([
  startDynamoDb({ ttlInterval: 0 }),
  startSqs(),
  synthesizeInThread({ stackName: "vesper-bench", configPath }),
]);

const wiring = await createWiring(JSON.stringify(template), dynamoDb, sqs);

/** The platform and the memory provider: they acknowledge everything. */
const server = createServer((request, response) => {
  request.resume().on("end", () => response.end("{}"));
}).listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const message: Emulators = {
    wiring,
    dynamoDb: dynamoDb.endpoint,
    sqs: sqs.endpoint,
    acknowledger: `http://127.0.0.1:${port}`,
  };
  process.send?.(message);
});

process.once("disconnect", () => process.exit());
