import type { ConverseCommandOutput, ToolUseBlock } from "@aws-sdk/client-bedrock-runtime";
import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { ModelAnswer } from "../../adapter/Model.ts";
import type { ToolCall } from "../../adapter/Toolbox.ts";
import { jsonSchema } from "../../domain/json.ts";

/** Of what Converse answers what is used of it. */
export type Conversation = Pick<ConverseCommandOutput, "output" | "stopReason" | "usage">;

/** Reads what Converse answered. Throws `DeliveryError` when it has no words for us. Pure. */
export function readConversation(output: Conversation, model: string): ModelAnswer {
  const { stopReason, usage } = output;
  if (stopReason === "content_filtered" || stopReason === "guardrail_intervened") {
    throw new DeliveryError("invalid", `Bedrock has held the answer back (${stopReason})`);
  }
  const content = output.output?.message?.content ?? [];
  const words = content.map(({ text }) => text ?? "").join("");
  const calls = content.flatMap(({ toolUse }) => (toolUse ? [callOf(toolUse)] : []));
  if (words.trim() === "" && calls.length === 0) {
    throw new DeliveryError("transient", `Bedrock answered without words (${stopReason ?? "no reason"})`, {
      outcome: "rejected",
    });
  }
  const { inputTokens, outputTokens } = usage ?? {};
  return {
    text: words,
    model,
    ...(calls.length > 0 ? { calls } : {}),
    ...(inputTokens === undefined || outputTokens === undefined ? {} : { usage: { inputTokens, outputTokens } }),
    ...(stopReason === "max_tokens" || stopReason === "model_context_window_exceeded" ? { isCut: true } : {}),
  };
}

const inputSchema = v.record(v.string(), jsonSchema);

function callOf({ toolUseId: id = "", name = "", input }: ToolUseBlock): ToolCall {
  const parsed = v.safeParse(inputSchema, input);
  if (parsed.success) return { id, name, input: parsed.output };
  throw new DeliveryError("transient", "Bedrock calls a tool with what is no object", { outcome: "rejected" });
}
