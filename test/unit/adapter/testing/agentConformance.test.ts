import { expect, it } from "vitest";
import type { Agent, AgentInput } from "../../../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../../../lib/adapter/errors.ts";
import { exchange } from "../../../../lib/adapter/http/exchange.ts";
import { responseError } from "../../../../lib/adapter/http/responseError.ts";
import { agentConformance } from "../../../../lib/adapter/testing/agentConformance.ts";
import { startFaultServer } from "../../../../lib/adapter/testing/faultServer.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { failingTests } from "./failingTests.ts";

const SECRET = "sk-very-secret";

const said: string[] = [];

/** What one may get wrong without any server, and a test of the suite that finds it. */
const BROKEN: Readonly<Record<string, readonly [Agent, string]>> = {
  "throws an error of its own": [
    agent(() => Promise.reject(new TypeError("a bug"))),
    "answers a first message, of which there is no history",
  ],
  "fails without a history": [
    agent(async ({ history }) => {
      if (history.length === 0) throw new Error("no history");
      return "Hello";
    }),
    "answers a first message, of which there is no history",
  ],
  "needs a writer": [
    agent(async ({ user }) => {
      if (!user) throw new Error("nobody");
      return user.id;
    }),
    "answers a message whose writer is not known",
  ],
  "writes into the history": [
    agent(async ({ history }) => {
      Reflect.set(history, "length", 0);
      for (const message of history) Object.assign(message, { content: "" });
      return "Hello";
    }),
    "answers after a history",
  ],
  "asks for another try at words that it can't take": [
    agent(async ({ text }) => {
      if (text.includes("\u0000")) throw new DeliveryError("transient", "control characters");
      return "Hello";
    }),
    "takes control characters as words of a user, or refuses it for good",
  ],
  "keeps words for whoever comes next": [
    agent(async ({ text }) => {
      said.push(text);
      return said.join(" ");
    }),
    "gives two users who are answered at once their own words",
  ],
  "does not look at its time": [
    agent(({ signal }) => new Promise((resolve) => setTimeout(() => resolve("late"), signal.aborted ? 1_100 : 0))),
    "does not go on when its time is over before it begins",
  ],
};

it.each(Object.entries(BROKEN))(
  "finds an agent that %s",
  async (_, [broken, title]) => {
    const fixture = async () => ({ agent: broken, secrets: [], close: async () => {} });
    expect(await failingTests((runner) => agentConformance(runner, "broken", fixture, { server: false }))).toContain(
      title,
    );
  },
  60_000,
);

/** What one may get wrong in asking a server. */
const BROKEN_CLIENTS: Readonly<Record<string, readonly [Ask, string]>> = {
  "takes every failure as passing": [
    async (send) => {
      const { status, text } = await send();
      if (status !== 200) throw new DeliveryError("transient", `answered ${status}`, { status });
      return reply(text);
    },
    "takes 401 as final until the credentials are mended",
  ],
  "does not hear for how long it is to wait": [
    async (send) => {
      const { status, text } = await send();
      if (status === 429) throw new DeliveryError("throttled", "slow down", { status });
      return reply(text);
    },
    "takes 429 as throttled, for as long as the server asks",
  ],
  "tries again by itself": [
    async (send, url) => {
      const first = await send();
      const { status, text, headers } = first.status === 503 ? await send() : first;
      if (status !== 200) throw responseError(url, { status, text, headers }, 0);
      return reply(text);
    },
    "takes 503 as passing",
  ],
  "shows its key": [
    async (send) => {
      const { status } = await send();
      throw new DeliveryError("auth", `${SECRET} was refused`, { status });
    },
    "takes 401 as final until the credentials are mended",
  ],
  "replies with whatever comes": [
    async (send, url) => {
      const response = await send();
      if (response.status !== 200) throw responseError(url, response, 0);
      return response.text;
    },
    "takes an answer that makes no sense as a failure, and never as a reply",
  ],
  "puts memories among its instructions": [
    async (send, url) => {
      const response = await send();
      if (response.status !== 200) throw responseError(url, response, 0);
      return reply(response.text);
    },
    "takes an instruction as data in a history and in a memory",
  ],
};

it.each(Object.entries(BROKEN_CLIENTS))("finds an agent that %s", async (_, [ask, title]) => {
  const fixture = async () => {
    let instructions = "";
    const server = await startFaultServer(({ body }) => {
      instructions = body;
      return { status: 200, body: '{"reply":"Hello"}' };
    });
    const { http } = testServices();
    const asking = agent(({ signal, memories, text }) => {
      const body = JSON.stringify({ instructions: `Remember: ${memories.map((memory) => memory.text)}`, text });
      return ask(() => exchange(http, { url: server.url, method: "POST", body, timeout: 2_000, signal }), server.url);
    });
    return { agent: asking, server, instructions: () => instructions, secrets: [SECRET], close: () => server.close() };
  };
  expect(await failingTests((runner) => agentConformance(runner, "broken", fixture, { server: true }))).toContain(
    title,
  );
});

it("finds an agent that sends the words of others along", async () => {
  const fixture = async () => {
    const server = await startFaultServer(() => ({ status: 200, body: '{"reply":"Hello"}' }));
    const { http } = testServices();
    const heard: string[] = [];
    const asking = agent(async ({ signal, text }) => {
      heard.push(text);
      const request = { url: server.url, method: "POST", body: heard.join("\n"), timeout: 2_000, signal } as const;
      const response = await exchange(http, request);
      if (response.status !== 200) throw responseError(server.url, response, 0);
      return reply(response.text);
    });
    return { agent: asking, server, secrets: [], close: () => server.close() };
  };
  expect(await failingTests((runner) => agentConformance(runner, "broken", fixture, { server: true }))).toContain(
    "tells the server nothing of one message when it asks about another's",
  );
});

type Ask = (send: () => ReturnType<typeof exchange>, url: string) => Promise<string>;

function agent(answer: (input: AgentInput) => Promise<string | undefined>): Agent {
  return { reply: answer };
}

function reply(body: string): string {
  const answer: unknown = body.startsWith("{") ? JSON.parse(body) : undefined;
  if (typeof answer === "object" && answer !== null && "reply" in answer) return String(answer.reply);
  throw new DeliveryError("transient", "no reply in it");
}
