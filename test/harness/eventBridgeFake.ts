import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

type Body = Readonly<Record<string, unknown>>;

/** An event as a rule's target gets it. */
interface Event {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly detail: Body;
}

export interface EventBridgeFake extends FaultServer {
  readonly bus: string;
  readonly bucket: string;
  readonly events: readonly Event[];
  /** The bucket's objects by their keys. */
  readonly objects: ReadonlyMap<string, string>;
  /** The next entry is not taken, as its call says in a 200. */
  refuseNext(code: string): void;
}

/** What AWS calls its errors, by the status. */
const NAMES: Readonly<Record<number, string>> = {
  400: "ValidationException",
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  413: "RequestEntityTooLargeException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
};

/** An entry must be smaller, bytes. */
const TOO_LARGE = 1_000_000;

/**
 * The part of EventBridge that is used, strict, with one bus, and the part of S3, with one bucket. Each entry that is taken
 * is one more event: nothing is known of repetitions.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export async function startEventBridgeFake(): Promise<EventBridgeFake> {
  const [bus, bucket] = ["sessions", "acme-sessions"];
  const events: Event[] = [];
  const objects = new Map<string, string>();
  const refusals: string[] = [];

  const put = ({ Entries: entries, ...rest }: Body): Answer => {
    if (Object.keys(rest).length > 0 || !Array.isArray(entries)) return failure(400);
    if (entries.length < 1 || entries.length > 10) return failure(400);
    const sizes = entries.map(({ Source = "", DetailType = "", Detail = "" }) => {
      return 14 + Buffer.byteLength(`${Source}${DetailType}${Detail}`);
    });
    if (sizes.reduce((sum, size) => sum + size, 0) >= TOO_LARGE) return failure(413);
    const results = entries.map((entry: Body) => {
      const refusal = refusals.shift() ?? problemOf(entry, bus);
      if (refusal !== undefined) return { ErrorCode: refusal, ErrorMessage: "the fake repeats what it was sent here" };
      const id = `00000000-0000-4000-8000-${String(events.length + 1).padStart(12, "0")}`;
      const { Source, DetailType, Time, Detail } = entry;
      events.push({
        ...{ id, bus, source: String(Source), type: String(DetailType), time: Number(Time) },
        detail: JSON.parse(String(Detail)),
      });
      return { EventId: id };
    });
    return json(200, { FailedEntryCount: results.filter((one) => "ErrorCode" in one).length, Entries: results });
  };

  const store = (path: string, { body, headers }: SeenRequest): Answer => {
    const [, key] = new RegExp(`^/${bucket}/(vesper/[0-9a-z-]+\\.json)$`, "i").exec(path) ?? [];
    if (key === undefined || headers["content-type"] !== "application/json") return failure(403);
    objects.set(key, body);
    return { status: 200, headers: { etag: '"1"' } };
  };

  const accept = (request: SeenRequest): Answer => {
    const { method, headers, body } = request;
    const { pathname } = new URL(request.path, "http://aws.test");
    const isSignedFor = (service: string) => headers.authorization?.includes(`/${service}/aws4_request`);
    if (method === "PUT") return isSignedFor("s3") ? store(pathname, request) : failure(403);
    if (!isSignedFor("events")) return failure(403);
    if (method !== "POST" || pathname !== "/" || headers["x-amz-target"] !== "AWSEvents.PutEvents") return failure(400);
    return put(JSON.parse(body));
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return { ...server, bus, bucket, events, objects, refuseNext: (code) => void refusals.push(code) };
}

/** What is wrong with an entry, as its error code says it. */
function problemOf(entry: Body, bus: string): string | undefined {
  const { Source, DetailType, EventBusName, Time, Detail, ...rest } = entry;
  const isWhole = [Source, DetailType, EventBusName, Detail].every((one) => typeof one === "string" && one !== "");
  if (Object.keys(rest).length > 0 || !isWhole || typeof Time !== "number" || EventBusName !== bus) {
    return "InvalidArgument";
  }
  try {
    const detail: unknown = JSON.parse(String(Detail));
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? undefined : "MalformedDetail";
  } catch {
    return "MalformedDetail";
  }
}

function failure(status: number): Answer {
  return json(status, {
    __type: NAMES[status] ?? "InternalException",
    message: "the fake repeats what it was sent here",
  });
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) };
}
