import type { ToolRound, ToolSpec } from "../../adapter/Toolbox.ts";

/** A tool as it is offered: https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools */
export function toolParameter({ name, description, parameters }: ToolSpec) {
  return { type: "function", function: { name, description, parameters } };
}

/** What was called, and what came of it, as messages. */
export function roundMessages({ text, calls, results }: ToolRound) {
  const called = calls.map(({ id, name, input }) => ({
    ...{ id, type: "function", function: { name, arguments: JSON.stringify(input) } },
  }));
  return [
    { role: "assistant", content: text === "" ? null : text, tool_calls: called },
    ...results.map((result) => ({ role: "tool", tool_call_id: result.id, content: result.text })),
  ];
}
