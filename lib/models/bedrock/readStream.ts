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
  const uses = new Map<number, { readonly toolUseId: string; readonly name: string; input: string }>();
  let stopReason: Conversation["stopReason"];
  let usage: Conversation["usage"];
  for await (const { contentBlockStart, contentBlockDelta, messageStop, metadata } of stream) {
    const { toolUseId = "", name = "" } = contentBlockStart?.start?.toolUse ?? {};
    if (contentBlockStart?.start?.toolUse)
      uses.set(contentBlockStart.contentBlockIndex ?? 0, { toolUseId, name, input: "" });
    const use = uses.get(contentBlockDelta?.contentBlockIndex ?? 0);
    if (use) use.input += contentBlockDelta?.delta?.toolUse?.input ?? "";
    const more = contentBlockDelta?.delta?.text ?? "";
    text += more;
    if (more !== "") onText(text);
    stopReason = messageStop?.stopReason ?? stopReason;
    usage = metadata?.usage ?? usage;
  }
  if (stopReason === undefined) throw new DeliveryError("transient", "Bedrock's answer broke off");
  const calls = Array.from(uses.values(), (use) => ({ toolUse: { ...use, input: inputOf(use.input) } }));
  const content = [...(text === "" ? [] : [{ text }]), ...calls];
  return { stopReason, usage, output: { message: { role: "assistant", content } } };
}

/** Nothing is sent for a tool that takes nothing. What is no JSON, as where the answer was cut, is no object either. */
function inputOf(text: string) {
  try {
    return JSON.parse(text || "{}");
  } catch {
    return null;
  }
}
