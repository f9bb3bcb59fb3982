import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { defineConfig, http, secret } from "../../lib/index.ts";
import { createServices } from "../../lib/runtime/createServices.ts";
import { sessionItem } from "../../lib/runtime/keys.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { purge } from "../../lib/session/purge.ts";
import { NOW } from "./conversations.ts";

it("B7 a session that can't be purged holds up no other", async () => {
  const sessions = ["GOOD-1", "BAD", "GOOD-2"].map((session) => sessionItem("acme/http/7//", session));
  const deleted: unknown[] = [];
  const failed: unknown[] = [];
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof DeleteCommand) deleted.push(command.input.Key?.sk);
    if (!(command instanceof QueryCommand)) return {};
    const { ":state": state, ":pk": pk } = command.input.ExpressionAttributeValues ?? {};
    if (pk === "SESSION#BAD") throw new Error("unreadable");
    return { Items: state === "ENDED#0" ? sessions : [] };
  };
  const client = Object.assign(DynamoDBDocumentClient.from(new DynamoDBClient({ region: "none" })), { send });
  const quiet = () => {};
  const services = createServices({
    config: defineConfig({ platforms: { http: http({ secret: secret("SECRET") }) } }),
    clock: { now: () => NOW, until: async () => {} },
    log: { info: quiet, warn: quiet, error: (event, _, fields) => failed.push([event, fields?.key]) },
    metrics: { put: quiet },
    table: { client, name: "table" },
    http: { send: () => Promise.reject(new Error("no network")) },
    secrets: knownSecrets({ get: () => Promise.reject(new Error("no secrets")) }),
  });

  await purge(services, NOW + 60_000);

  expect(deleted.sort()).toEqual(["SESSION#GOOD-1", "SESSION#GOOD-2"]);
  expect(failed).toEqual([["purge.failed", "SESSION#BAD"]]);
});
