import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { awsError } from "../../adapter/aws/awsError.ts";
import { callSignal, clientSettings } from "../../adapter/aws/clientSettings.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { Grant } from "../../adapter/Grant.ts";
import type { EndedSession, MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { formatSize } from "../../adapter/size.ts";
import { entryError } from "./entryError.ts";
import { detailOf, entryOf, MOST_OF_BUS, MOST_OF_TARGETS, referenceOf, sizeOf } from "./eventOf.ts";
import { storeDetail } from "./storeDetail.ts";

const BUS_SHOWS = 'the name of an event bus of the stack\'s account and region, such as "default" or "sessions"';

const BUCKET_SHOWS = 'the name of an S3 bucket, such as "acme-sessions"';

const optionsSchema = strictFields({
  bus: v.pipe(v.string(BUS_SHOWS), v.regex(/^[\w.-]{1,256}$/, BUS_SHOWS)),
  bucket: v.exactOptional(v.pipe(v.string(BUCKET_SHOWS), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET_SHOWS))),
});

/** Where the objects of large sessions are in the bucket. */
const FOLDER = "vesper/";

/**
 * Puts a `SessionEnded` event for each ended session on an event bus of Amazon EventBridge, for whatever rules send it on to.
 *
 * An event carries the session, whole. One that is too large for every target of a rule is stored in `bucket`, and its event
 * says where. Without a bucket a session that is too large for the bus is refused, and its hook is dead and visible.
 *
 * EventBridge knows no key of an event: a repetition is one more event, with the same `deliveryKey`.
 *
 * @example
 * eventbridge({ bus: "sessions", bucket: "acme-sessions" })
 */
export const eventbridge = defineAdapter(
  "memory",
  "eventbridge",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ bus, bucket }, { aws, clock }): MemoryProvider => {
        let client: EventBridgeClient | undefined;

        /** The detail as the event carries it: all of it, or where it is. */
        const detailFor = async (session: EndedSession, deliveryKey: string, signal: AbortSignal) => {
          const whole = detailOf(session, deliveryKey);
          const size = sizeOf(whole);
          if (size <= (bucket === undefined ? MOST_OF_BUS : MOST_OF_TARGETS)) return { detail: whole, how: "whole" };
          if (bucket === undefined) throw tooLarge(size);
          const stored = { bucket, key: `${FOLDER}${deliveryKey}.json` };
          await storeDetail(aws, stored, whole, signal).catch((error: unknown) => {
            const { kind, message, status, retryAfter } = awsError("S3", error, signal, clock.now());
            // No event was sent, whatever became of the object.
            throw new DeliveryError(kind, message, {
              cause: error,
              outcome: "not-sent",
              ...(status === undefined ? {} : { status }),
              ...(retryAfter === undefined ? {} : { retryAfter }),
            });
          });
          return {
            detail: referenceOf(session, deliveryKey, whole, stored),
            how: `whole in s3://${bucket}/${stored.key}`,
          };
        };

        return {
          capabilities: { idempotency: "none" },

          async onSessionEnd(session, { deliveryKey, timeout, signal }) {
            const abortSignal = callSignal(timeout, signal);
            const { detail, how } = await detailFor(session, deliveryKey, abortSignal);
            client ??= new EventBridgeClient(clientSettings(aws));
            const command = new PutEventsCommand({ Entries: [entryOf(bus, session, detail)] });
            const { Entries = [] } = await client.send(command, { abortSignal }).catch((error: unknown) => {
              throw awsError("EventBridge", error, abortSignal, clock.now());
            });
            // The call succeeds also where its entry does not.
            const id = Entries[0]?.EventId;
            if (id === undefined) throw entryError(Entries[0]?.ErrorCode);
            return { id, body: `an event on ${bus}, ${how}` };
          },
        };
      },
  { recalls: false, grants: ({ bus, bucket }) => grantsOf(bus, bucket) },
);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
function grantsOf(bus: string, bucket: string | undefined): readonly Grant[] {
  const only = "session-end";
  const put: Grant = {
    actions: ["events:PutEvents"],
    resources: [{ service: "events", resource: `event-bus/${bus}` }],
    only,
  };
  if (bucket === undefined) return [put];
  // A bucket's name is the world's: its ARN has neither region nor account.
  const objects = { service: "s3", resource: `${bucket}/${FOLDER}*`, region: "", account: "" };
  return [put, { actions: ["s3:PutObject"], resources: [objects], only }];
}

function tooLarge(size: number): DeliveryError {
  const given = formatSize(Math.ceil(size / 1_000) * 1_000);
  return new DeliveryError(
    "invalid",
    `the session's event has ${given}, and the bus takes ${formatSize(MOST_OF_BUS)}; name a bucket in the config, and redrive`,
    { outcome: "not-sent" },
  );
}
