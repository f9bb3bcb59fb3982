import { startDynamoDb } from "../../emulators/dynamodb/startDynamoDb.ts";
import { startSqs } from "../../emulators/sqs/startSqs.ts";

/** One of the gateway's own emulators in a process of its own, so that it can be killed alone. */
const [, , service = "", path = "", port = "0"] = process.argv;

try {
  const options = { path, port: Number(port) };
  await (service === "dynamodb" ? startDynamoDb(options) : startSqs(options));
  process.send?.("up");
  process.on("disconnect", () => process.exit(0));
} catch (error) {
  console.error(error);
  process.exit(1);
}
