import assert from "node:assert/strict";
import { type AgentFixture, agentInput } from "./AgentFixture.ts";
import { assertNotIn, failureOf } from "./failureOf.ts";
import { expectFailure, SERVER_FAILURES, type ServerFailure, serverOf } from "./serverFailures.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

const FAILURES: Readonly<Record<string, ServerFailure>> = {
  ...SERVER_FAILURES,
  "takes 400 as final": {
    script: (server) => server.failNext(1, 400),
    fields: { kind: "invalid", retry: false },
  },
  "takes 402 as a quota that is used up": {
    script: (server) => server.failNext(1, 402),
    fields: { kind: "quota", retry: true },
  },
};

/** What an agent that asks a server must make of the server's failures. */
export function agentServerConformance(runner: TestRunner, makeFixture: () => Promise<AgentFixture>): void {
  const test = testsWith(runner, makeFixture);
  runner.describe("asking a server that fails", () => {
    for (const [title, failure] of Object.entries(FAILURES)) {
      test(title, (fixture) =>
        expectFailure({ server: serverOf(fixture), secrets: fixture.secrets }, failure, () =>
          fixture.agent.reply(agentInput()),
        ),
      );
    }

    test("knows that nobody who does not listen has been asked", async (fixture) => {
      const server = serverOf(fixture);
      await server.close();
      await expectFailure(
        { server, secrets: fixture.secrets },
        { script: () => {}, fields: { kind: "transient", retry: true, outcome: "not-sent" } },
        () => fixture.agent.reply(agentInput()),
      );
    });

    test("takes an answer that makes no sense as a failure, and never as a reply", async (fixture) => {
      for (const body of ["", "{", "{}", "null", "[]", "<html>Sign in to this network</html>"]) {
        serverOf(fixture).failNext(1, { status: 200, body });
        assertNotIn(await failureOf(fixture.agent.reply(agentInput())), fixture.secrets, body);
      }
    });

    test("tells the server nothing of one message when it asks about another's", async ({ agent, server }) => {
      await agent.reply(agentInput({ text: "words of Ana", memories: [{ text: "the secret of Ana" }] }));
      const asked = server?.requests.length ?? 0;
      const bea = {
        session: "another",
        messageId: "m-2",
        user: { id: "u-bea" },
        chat: { id: "c-2", type: "dm" },
      } as const;
      await agent.reply(agentInput(bea));
      const told = JSON.stringify(server?.requests.slice(asked).map(({ path, body }) => ({ path, body })));
      assert.doesNotMatch(told, /of Ana|u-ana/);
    });

    test("stops asking when its time is over", async (fixture) => {
      const server = serverOf(fixture);
      server.setMode("hang");
      const start = Date.now();
      const failure = await failureOf(fixture.agent.reply(agentInput({ signal: AbortSignal.timeout(40) })));
      assert.equal(failure.retry, true, "it may be asked again");
      assert.ok(Date.now() - start < 1_000, "it took a second or more");
    });
  });
}
