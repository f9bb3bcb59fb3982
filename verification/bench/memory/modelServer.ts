import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import type { Embedder } from "./embedders.ts";
import { type Conversation, labelsOf } from "./labelled.ts";

const embeddingsSchema = v.object({ input: v.union([v.string(), v.array(v.string())]) });

const chatSchema = v.object({ messages: v.array(v.object({ role: v.string(), content: v.string() })) });

const knownSchema = v.array(v.object({ id: v.string(), text: v.string() }));

/** A server of the two calls of OpenAI's API that mem0's engine makes. */
export interface ModelServer {
  readonly baseURL: string;
  close(): void;
}

/**
 * The perfect reader and an embedder for mem0's engine. Of each message that says something it makes a memory in the same words, also
 * of one that takes something back: mem0's prompt asks for additions alone, and links what is about the same.
 */
export async function startModelServer(set: readonly Conversation[], embed: Embedder): Promise<ModelServer> {
  const labels = labelsOf(set);

  const readAll = (prompt: string) => {
    const section = (name: string) => new RegExp(`## ${name}\\n(.*?)\\n\\n## `, "s").exec(prompt)?.[1] ?? "";
    const known = v.parse(knownSchema, JSON.parse(section("Existing Memories")));
    const said = section("New Messages")
      .split("\n")
      .map((line) => line.replace(/^user: /, ""));
    const memory = said.flatMap((words) => {
      const about = labels.get(words)?.about;
      if (about === undefined) return [];
      const linked = known.filter((one) => labels.get(one.text)?.about === about).map(({ id }) => id);
      return [{ text: words, attributed_to: "user", linked_memory_ids: linked }];
    });
    return { memory: memory.map((one, index) => ({ id: String(index), ...one })) };
  };

  const answer = (path: string, body: unknown) => {
    if (path.endsWith("/embeddings")) {
      const { input } = v.parse(embeddingsSchema, body);
      return { data: [input].flat().map((one, index) => ({ index, embedding: embed(one) })) };
    }
    const { messages } = v.parse(chatSchema, body);
    const content = JSON.stringify(readAll(messages.at(-1)?.content ?? ""));
    return { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] };
  };

  const server = createServer(async (request, response) => {
    const told = JSON.stringify(answer(request.url ?? "", JSON.parse(await text(request))));
    response.setHeader("content-type", "application/json").end(told);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
