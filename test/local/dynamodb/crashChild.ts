// An emulator in a process of its own, to be killed.
import { startDynamoDb } from "../../../local/dynamodb/startDynamoDb.ts";

const [, , path = ""] = process.argv;
const { endpoint } = await startDynamoDb({ path, ttlInterval: 20 });
console.log(endpoint);
