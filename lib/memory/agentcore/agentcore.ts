import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  RetrieveMemoryRecordsCommand,
} from "@aws-sdk/client-bedrock-agentcore";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { awsError } from "../../adapter/aws/awsError.ts";
import { callSignal, clientSettings } from "../../adapter/aws/clientSettings.ts";
import type { Grant } from "../../adapter/Grant.ts";
import type { Memory, MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { eraseActor } from "./eraseActor.ts";
import { actorIdOf, eventsOf } from "./eventsOf.ts";

const MEMORY_SHOWS = 'the id of a memory resource, such as "gateway_memory-Ab12Cd34Ef"';

const NAMESPACE_SHOWS = 'a namespace of one of its strategies with "{actorId}/" in it, such as "/users/{actorId}/"';

const REGION_SHOWS = 'a region such as "eu-central-1"';

const optionsSchema = strictFields({
  memoryId: v.pipe(v.string(MEMORY_SHOWS), v.regex(/^[a-zA-Z][\w-]{0,99}-[a-zA-Z0-9]{10}$/, MEMORY_SHOWS)),
  // A namespace is a prefix there: without the slash the user "a" would be told what "ab" said.
  namespace: v.pipe(v.string(NAMESPACE_SHOWS), v.regex(/^[\w/*-]*\{actorId\}\/[\w/*-]*$/, NAMESPACE_SHOWS)),
  region: v.exactOptional(v.pipe(v.string(REGION_SHOWS), v.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, REGION_SHOWS))),
});

/** The longest that a call for a recall may take, milliseconds; its own signal ends it sooner. */
const RECALL_TIMEOUT = 10_000;

/** How long forgetting may take at the service, milliseconds. */
const FORGET_TIMEOUT = 60_000;

/** More than these the service does not return. https://docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_SearchCriteria.html */
const MOST_RECORDS = 100;

/** The most of a query, characters. */
const MOST_QUERY = 1_000;

/**
 * Memory at Amazon Bedrock AgentCore: events go in, the resource's own strategies make records of them. A user of ours is an
 * actor there; what was said in a group is kept for that group alone.
 *
 * Each event has a token by which the service knows a repetition. The functions may do on this memory what they do, and no more.
 *
 * @example
 * agentcore({ memoryId: "gateway_memory-Ab12Cd34Ef", namespace: "/users/{actorId}/" })
 */
export const agentcore = defineAdapter(
  "memory",
  "agentcore",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ memoryId, namespace, region }, { aws, clock }): MemoryProvider => {
        let made: BedrockAgentCoreClient | undefined;
        const client = () => {
          made ??= new BedrockAgentCoreClient(clientSettings({ ...aws, ...(region === undefined ? {} : { region }) }));
          return made;
        };
        const namespaceOf = (actorId: string) => namespace.replace("{actorId}", actorId);
        return {
          capabilities: { idempotency: "server-key" },

          async onSessionEnd(session, { deliveryKey, timeout, signal }) {
            const events = eventsOf(session, deliveryKey);
            const ids: string[] = [];
            const abortSignal = callSignal(timeout, signal);
            for (const event of events) {
              const created = await client()
                .send(new CreateEventCommand({ memoryId, ...event }), { abortSignal })
                .catch((error: unknown) => {
                  throw awsError("AgentCore", error, abortSignal, clock.now());
                });
              ids.push(created.event?.eventId ?? "");
            }
            const actors = [...new Set(events.map(({ actorId }) => actorId))];
            const body = `${events.length} events for ${actors.join(", ") || "nobody"}`;
            return { ...(ids[0] ? { id: ids[0] } : {}), body };
          },

          async recall(query, signal) {
            if (query.limit < 1) return [];
            const text = query.text.toWellFormed().trim().slice(0, MOST_QUERY) || "what is known of the user";
            const abortSignal = callSignal(RECALL_TIMEOUT, signal);
            const input = {
              memoryId,
              namespace: namespaceOf(actorIdOf(query)),
              searchCriteria: { searchQuery: text, topK: Math.min(query.limit, MOST_RECORDS) },
            };
            const found = await client()
              .send(new RetrieveMemoryRecordsCommand(input), { abortSignal })
              .catch((error: unknown) => {
                throw awsError("AgentCore", error, abortSignal, clock.now());
              });
            return (found.memoryRecordSummaries ?? []).flatMap(({ content, createdAt }): Memory[] => {
              const words = content?.text;
              if (words === undefined) return [];
              return [{ text: words, ...(createdAt ? { at: createdAt.getTime() } : {}) }];
            });
          },

          async forget(who) {
            const actorId = actorIdOf(who);
            const abortSignal = AbortSignal.timeout(FORGET_TIMEOUT);
            await eraseActor(client(), { memoryId, actorId, namespace: namespaceOf(actorId) }, abortSignal).catch(
              (error: unknown) => {
                throw awsError("AgentCore", error, abortSignal, clock.now());
              },
            );
          },
        };
      },
  { grants: ({ memoryId, region }) => grantsOf(memoryId, region) },
);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockagentcore.html */
function grantsOf(memoryId: string, region: string | undefined): readonly Grant[] {
  const resources = [
    { service: "bedrock-agentcore", resource: `memory/${memoryId}`, ...(region === undefined ? {} : { region }) },
  ];
  return [
    { actions: ["bedrock-agentcore:CreateEvent"], resources, only: "session-end" },
    { actions: ["bedrock-agentcore:RetrieveMemoryRecords"], resources, only: "recall" },
  ];
}
