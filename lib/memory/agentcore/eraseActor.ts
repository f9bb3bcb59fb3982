import {
  BatchDeleteMemoryRecordsCommand,
  type BedrockAgentCoreClient,
  DeleteEventCommand,
  paginateListEvents,
  paginateListMemoryRecords,
  paginateListSessions,
  ResourceNotFoundException,
} from "@aws-sdk/client-bedrock-agentcore";
import { DeliveryError } from "../../adapter/errors.ts";

/** As many as one call deletes. */
const BATCH = 100;

/** Whom to erase. */
interface Actor {
  readonly memoryId: string;
  readonly actorId: string;
  readonly namespace: string;
}

/** Deletes an actor's events, of which records would be made anew, and then the records. Throws what the client throws. */
export async function eraseActor(
  client: BedrockAgentCoreClient,
  actor: Actor,
  abortSignal: AbortSignal,
): Promise<void> {
  const { memoryId, actorId } = actor;
  // Listed whole before the first is deleted: a page may count from what is there.
  for (const event of await eventsOf(client, actor, abortSignal).catch(noneIfUnknown)) {
    await client.send(new DeleteEventCommand({ memoryId, actorId, ...event }), { abortSignal }).catch(noneIfUnknown);
  }
  const found = await recordsOf(client, actor, abortSignal).catch(noneIfUnknown);
  for (let i = 0; i < found.length; i += BATCH) {
    const records = found.slice(i, i + BATCH);
    const { failedRecords = [] } = await client.send(new BatchDeleteMemoryRecordsCommand({ memoryId, records }), {
      abortSignal,
    });
    // The call succeeds all the same.
    if (failedRecords.length > 0) throw new RecordsLeft(failedRecords.length, records.length);
  }
}

async function eventsOf(client: BedrockAgentCoreClient, { memoryId, actorId }: Actor, abortSignal: AbortSignal) {
  const found: { readonly sessionId: string; readonly eventId: string }[] = [];
  for await (const { sessionSummaries = [] } of paginateListSessions(
    { client },
    { memoryId, actorId },
    { abortSignal },
  )) {
    for (const { sessionId = "" } of sessionSummaries) {
      const input = { memoryId, actorId, sessionId, includePayloads: false };
      for await (const { events = [] } of paginateListEvents({ client }, input, { abortSignal })) {
        found.push(...events.map(({ eventId = "" }) => ({ sessionId, eventId })));
      }
    }
  }
  return found;
}

async function recordsOf(client: BedrockAgentCoreClient, { memoryId, namespace }: Actor, abortSignal: AbortSignal) {
  const found: { readonly memoryRecordId: string }[] = [];
  for await (const { memoryRecordSummaries = [] } of paginateListMemoryRecords(
    { client },
    { memoryId, namespace },
    { abortSignal },
  )) {
    found.push(...memoryRecordSummaries.map(({ memoryRecordId = "" }) => ({ memoryRecordId })));
  }
  return found;
}

/** Of whom nothing was kept, and what was deleted meanwhile, AgentCore does not know. Throws any other error. */
function noneIfUnknown(error: unknown): readonly never[] {
  if (error instanceof ResourceNotFoundException) return [];
  throw error;
}

class RecordsLeft extends DeliveryError {
  constructor(left: number, all: number) {
    super("transient", `AgentCore has kept ${left} of ${all} records that it should delete`, { outcome: "rejected" });
  }
}
