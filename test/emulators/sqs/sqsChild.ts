import { startSqs } from "../../../emulators/sqs/startSqs.ts";

// An emulator in a process of its own, to be killed: prints its address once it serves.
const path = process.argv[2];

if (!path) throw new Error("usage: node sqsChild.ts FOLDER");

const { endpoint } = await startSqs({ path });

process.stdout.write(`${endpoint}\n`);
