import type { ConverseStreamOutput } from "@aws-sdk/client-bedrock-runtime";
import { DeliveryError } from "../../adapter/errors.ts";
import type { Conversation } from "./readConversation.ts";

/**
 * Puts together what ConverseStream answers, and tells its words so far each time that there are more. Throws what the
 * client makes of an error in the stream, and `DeliveryError` where the stream breaks off.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export async function readStream(
  stream: AsyncIterable<ConverseStreamOutput>,
  onText: (textSoFar: string) => void,
): Promise<Conversation> {
  let text = "";
  let stopReason: Conversation["stopReason"];
  let usage: Conversation["usage"];
  for await (const { contentBlockDelta, messageStop, metadata } of stream) {
    const more = contentBlockDelta?.delta?.text ?? "";
    text += more;
    if (more !== "") onText(text);
    stopReason = messageStop?.stopReason ?? stopReason;
    usage = metadata?.usage ?? usage;
  }
  if (stopReason === undefined) throw new DeliveryError("transient", "Bedrock's answer broke off");
  return { stopReason, usage, output: { message: { role: "assistant", content: [{ text }] } } };
}
