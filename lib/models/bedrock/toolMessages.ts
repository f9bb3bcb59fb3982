import type { Message, Tool, ToolInputSchema } from "@aws-sdk/client-bedrock-runtime";
import type { ToolCall, ToolRound, ToolSpec } from "../../adapter/Toolbox.ts";

type Document = ToolInputSchema.JsonMember["json"];

/** A tool as it is offered: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
export function toolParameter({ name, description, parameters }: ToolSpec): Tool {
  const json = documentOf(parameters);
  // An empty description is refused.
  return { toolSpec: { name, ...(description === "" ? {} : { description }), inputSchema: { json } } };
}

/** What was called, and what came of it, as messages. */
export function roundMessages({ text, calls, results }: ToolRound): Message[] {
  const uses = calls.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input: documentOf(input) } }));
  const came = results.map((result) => ({
    toolResult: {
      toolUseId: result.id,
      content: [{ text: result.text }],
      ...(result.isError ? { status: "error" as const } : {}),
    },
  }));
  return [
    { role: "assistant", content: [...(text.trim() === "" ? [] : [{ text }]), ...uses] },
    { role: "user", content: came },
  ];
}

/** A copy that may be written to, as the client's types want it. */
function documentOf(value: ToolCall["input"]): Document {
  return JSON.parse(JSON.stringify(value));
}
