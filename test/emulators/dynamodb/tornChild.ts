import { openDatabase } from "../../../emulators/dynamodb/openDatabase.ts";
import { writeBatch } from "../../../emulators/dynamodb/writeBatch.ts";

// Writes to a store whose files may not grow beyond what `ulimit -f` allows, says what was acknowledged, and is killed.

const [, , path = ""] = process.argv;

const engine = await openDatabase(path);

const acknowledged: string[] = [];

let refused = 0;

for (let number = 0; number < 1_000; number += 1) {
  const key = `key-${String(number).padStart(4, "0")}`;
  try {
    await engine.alone(() => writeBatch(engine, [{ type: "put", key, value: `${number}`.repeat(300) }]));
    acknowledged.push(key);
  } catch {
    refused += 1;
  }
}

process.stdout.write(JSON.stringify({ acknowledged, refused }), () => process.kill(process.pid, "SIGKILL"));
