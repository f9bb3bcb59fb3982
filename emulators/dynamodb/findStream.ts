import { AwsError } from "../AwsError.ts";
import type { Engine } from "./engine.ts";
import type { TableStream } from "./tableStream.ts";

/** The stream with an ARN, or the service's error. */
export function findStream(engine: Engine, arn: string): TableStream {
  const stream = engine.streams.get(arn);
  if (!stream) {
    const message = `Requested resource not found: Stream: ${arn} not found`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  return stream;
}
