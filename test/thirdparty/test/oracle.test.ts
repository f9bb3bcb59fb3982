import { describe, it } from "node:test";
import { secret } from "vesper";
import { agentConformance, startFaultServer, testServices } from "vesper/testing";
import { oracle } from "../adapters/oracle.ts";

agentConformance(
  { describe, it },
  "oracle",
  async () => {
    let instructions = "";
    const server = await startFaultServer(({ body }) => {
      const asked = JSON.parse(body);
      instructions = asked.instructions;
      return { status: 200, body: JSON.stringify({ reply: `You said: ${asked.messages.at(-1).content}` }) };
    });
    const services = testServices({ KEY: "sk-very-secret" }, 5_000);
    return {
      agent: oracle({ url: server.url, key: secret("KEY") }).create(services),
      server,
      instructions: () => instructions,
      secrets: ["sk-very-secret"],
      close: () => server.close(),
    };
  },
  { server: true },
);
