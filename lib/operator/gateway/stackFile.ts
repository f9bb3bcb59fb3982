import * as v from "valibot";
import { byName } from "../../config/configSchema.ts";

const address = v.string();

/** What `<data>/stack.json` says of a gateway that runs on this machine. The runner writes it, the operator's tools read it. */
export const stackFileSchema = v.object({
  /** The process that runs it; the file of one that was killed stays behind. */
  pid: v.pipe(v.number(), v.safeInteger()),
  stackName: v.string(),
  port: v.number(),
  /** Such as `http://127.0.0.1:8787`. */
  url: address,
  region: v.string(),
  endpoints: v.object({ dynamodb: address, sqs: address, ssm: address }),
  /** What the emulators ask for: made anew at each start. */
  credentials: v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
  tableName: v.string(),
  queueUrls: v.object({
    inbound: address,
    inboundDlqMessage: address,
    /** By the names of the memory providers. */
    sessionEnd: byName(address, "an object of addresses"),
    sessionEndDlqMessage: address,
    streamFailures: address,
  }),
  /** Absent: no platform is simulated. */
  simulation: v.optional(
    v.object({
      /** Where people write on the simulated platforms. */
      url: address,
      /** What that asks for: made anew at each start. */
      key: v.string(),
      /** Where the fake of each one's API is, by the platform's name. */
      platforms: byName(address, "an object of addresses"),
    }),
  ),
  /** How far the gateway's clock is ahead of the machine's, milliseconds. Absent: from a start before there was a lab. */
  clockOffset: v.optional(v.number(), 0),
  /** The stack's outputs, named as those of a deployed one. */
  outputs: v.record(v.string(), v.string()),
  secretsPrefix: v.string(),
  /** Absolute, as the other paths are. */
  configPath: v.string(),
  envPath: v.string(),
  dataPath: v.string(),
});

export type StackFile = Readonly<v.InferOutput<typeof stackFileSchema>>;
