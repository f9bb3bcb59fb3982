import { expect, it } from "vitest";
import { DeliveryError } from "../../../../lib/adapter/errors.ts";
import type { Model, ModelAnswer } from "../../../../lib/adapter/Model.ts";
import { modelConformance } from "../../../../lib/adapter/testing/modelConformance.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { openai } from "../../../../lib/models/openai/openai.ts";
import { startCompletionsFake } from "../../../harness/completionsFake.ts";
import { failingTests } from "./failingTests.ts";

/** What one may get wrong around a model that is right, and a test of the suite that finds it. */
const BROKEN: Readonly<Record<string, readonly [(right: Model) => Model, string]>> = {
  "hides that an answer was cut": [altered(({ isCut: _, ...answer }) => answer), "says that an answer was cut"],
  "does not count its tokens": [
    altered(({ usage: _, ...answer }) => answer),
    "answers with its words, its name and the tokens that they used",
  ],
  "puts the system's words among the users'": [
    (right) => ({
      complete: (request) =>
        right.complete({ ...request, messages: [{ role: "user", content: request.system }, ...request.messages] }),
    }),
    "passes on every word, in order, and the system's words apart from them",
  ],
  "tries again by itself": [
    (right) => ({ complete: (request) => right.complete(request).catch(() => right.complete(request)) }),
    "takes 503 as passing",
  ],
  "takes every failure as passing": [
    failing(() => new DeliveryError("transient", "no")),
    "takes what a content filter holds back as final",
  ],
  "shows the prompt": [
    failing((error, prompt) => new DeliveryError("auth", prompt, { status: error.status ?? 0 })),
    "takes 401 as final until the credentials are mended",
  ],
  "shows what the service says of the prompt": [
    failing((error) => new DeliveryError(error.kind, error.body ?? "", { status: error.status ?? 0 })),
    "takes 400 as final",
  ],
  "takes a stream that broke off for an answer": [
    (right) => ({
      complete: async (request) => {
        let text = "";
        const onText = (more: string) => {
          text = more;
          request.onText?.(more);
        };
        return right
          .complete({ ...request, ...(request.onText ? { onText } : {}) })
          .catch((error: unknown) => (text ? { text, model: "m" } : Promise.reject(error)));
      },
    }),
    "takes a stream that ends before its answer as passing, and never as a whole one",
  ],
  "tells its words at the end alone": [
    (right) => ({
      complete: async ({ onText, ...request }) => {
        const answer = await right.complete(request);
        onText?.(answer.text);
        return answer;
      },
    }),
    "tells its words as they come, and answers as in one piece",
  ],
  "does not look at its time": [
    (right) => ({ complete: (request) => right.complete({ ...request, timeout: 1_200 }) }),
    "gives a hanging service up after the time limit",
  ],
};

it.each(Object.entries(BROKEN))("finds a model that %s", async (_, [broken, title]) => {
  const fixture = async () => {
    const server = await startCompletionsFake();
    const services = testServices({ KEY: server.key }, 5_000);
    const right = openai({ model: "stub-1", baseUrl: server.baseUrl, key: { secret: "KEY" } }).create(services);
    return {
      measured: services.measured,
      ...{ model: broken(right), server, answer: "Nice to meet you!", calls: server.calls, secrets: [server.key] },
      cutNext: () => server.answerWith({ finish_reason: "length" }),
      filterNext: () => server.answerWith({ finish_reason: "content_filter" }),
      breakNext: server.breakNext,
      close: () => server.close(),
    };
  };
  expect(await failingTests((runner) => modelConformance(runner, "broken", fixture, { stream: true }))).toContain(
    title,
  );
});

function altered(alter: (answer: ModelAnswer) => ModelAnswer): (right: Model) => Model {
  return (right) => ({ complete: async (request) => alter(await right.complete(request)) });
}

function failing(fail: (error: DeliveryError, prompt: string) => DeliveryError): (right: Model) => Model {
  return (right) => ({
    async complete(request) {
      try {
        return await right.complete(request);
      } catch (error) {
        throw error instanceof DeliveryError ? fail(error, request.messages[0]?.content ?? "") : error;
      }
    },
  });
}
