import type { ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { DeliveryError } from "../../adapter/errors.ts";
import type { ModelAnswer } from "../../adapter/Model.ts";

/** Of what Converse answers what is used of it. */
export type Conversation = Pick<ConverseCommandOutput, "output" | "stopReason" | "usage">;

/** Reads what Converse answered. Throws `DeliveryError` when it has no words for us. Pure. */
export function readConversation(output: Conversation, model: string): ModelAnswer {
  const { stopReason, usage } = output;
  if (stopReason === "content_filtered" || stopReason === "guardrail_intervened") {
    throw new DeliveryError("invalid", `Bedrock has held the answer back (${stopReason})`);
  }
  const words = (output.output?.message?.content ?? []).map(({ text }) => text ?? "").join("");
  if (words.trim() === "") {
    throw new DeliveryError("transient", `Bedrock answered without words (${stopReason ?? "no reason"})`, {
      outcome: "rejected",
    });
  }
  const { inputTokens, outputTokens } = usage ?? {};
  return {
    text: words,
    model,
    ...(inputTokens === undefined || outputTokens === undefined ? {} : { usage: { inputTokens, outputTokens } }),
    ...(stopReason === "max_tokens" || stopReason === "model_context_window_exceeded" ? { isCut: true } : {}),
  };
}
