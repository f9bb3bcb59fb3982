import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { DeliveryError } from "../errors.ts";
import { BODY_HEAD } from "../http/responseError.ts";
import { truncate } from "../text/truncate.ts";

/** No such method, or wrong arguments: https://www.jsonrpc.org/specification#error_object */
const OURS: ReadonlySet<number> = new Set([-32601, -32602, -32600]);

/** How servers made with the protocol's library tell in a result that there is no such tool, or that its arguments are wrong. */
const OURS_IN_WORDS = /^MCP error -3260[0-2]\b/;

/**
 * The classified error of a call that the library made. Its message repeats no word of the server.
 *
 * @param known why the last request failed, where it was one over HTTP
 * @param signal the call's own; once aborted, there was no answer in time
 */
export function callError(error: unknown, known: DeliveryError | undefined, signal: AbortSignal): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const late = SdkError.isInstance(error) && error.code === SdkErrorCode.RequestTimeout;
  if (signal.aborted || late)
    return new DeliveryError("timeout", "the MCP server did not answer in time", { cause: known });
  if (known) return known;
  if (ProtocolError.isInstance(error)) {
    const kind = OURS.has(error.code) ? "invalid" : "transient";
    return new DeliveryError(kind, `the MCP server answered with error ${error.code}`, { outcome: "rejected" });
  }
  const name = error instanceof Error ? error.name : "an odd error";
  return new DeliveryError("transient", `no answer from the MCP server: ${name}`);
}

/**
 * The error of a tool that says that it has failed. What it says may be a passing trouble of what stands behind it, such as a
 * model, so that it is tried again; a tool that is not there, or wants other arguments, is not.
 */
export function toolError(tool: string, content: readonly { readonly type: string; readonly text?: string }[]) {
  const body = content.flatMap(({ text }) => text ?? []).join("\n");
  const isOurs = OURS_IN_WORDS.test(body);
  const why = isOurs ? "is not there, or takes other arguments" : "says that it has failed";
  return new DeliveryError(isOurs ? "invalid" : "transient", `the tool ${tool} ${why}`, {
    outcome: "rejected",
    body: truncate(body, BODY_HEAD),
  });
}
