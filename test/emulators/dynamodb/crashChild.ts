import { startDynamoDb } from "../../../emulators/dynamodb/startDynamoDb.ts";

// An emulator in a process of its own, to be killed.

const [, , path = ""] = process.argv;

const { endpoint } = await startDynamoDb({ path, ttlInterval: 20 });

console.log(endpoint);
