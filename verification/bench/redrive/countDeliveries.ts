import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";

const bodySchema = v.object({ data: v.object({ session: v.string() }) });

/** A memory provider that acknowledges everything, and knows which sessions it was given how often. */
export async function countDeliveries() {
  const given = new Map<string, number>();
  let onGiven = () => {};
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    const { session } = v.parse(bodySchema, JSON.parse(text)).data;
    given.set(session, (given.get(session) ?? 0) + 1);
    response.end("{}");
    onGiven();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Resolves when each of these sessions was given. */
    all: (sessions: readonly string[]) =>
      new Promise<void>((resolve) => {
        const left = new Set(sessions);
        onGiven = () => {
          for (const session of left) if (given.has(session)) left.delete(session);
          if (left.size === 0) resolve();
        };
      }),
    /** How many sessions were given more than once. */
    doubled: () => [...given.values()].filter((count) => count > 1).length,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
