import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";

const replySchema = v.object({ conversation: v.string() });

/** The receiver of the `http` platform's replies: knows who is waiting for one. */
export async function chatReceiver() {
  const waiting = new Map<string, () => void>();
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    response.end();
    const { conversation } = v.parse(replySchema, JSON.parse(text));
    waiting.get(conversation)?.();
    waiting.delete(conversation);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Resolves when the conversation's next reply has come. Call it before its message is sent. */
    next: (conversation: string) => new Promise<void>((resolve) => waiting.set(conversation, resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
