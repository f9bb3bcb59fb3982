import * as v from "valibot";

/** What a tool answered, where the agent is told to keep it. Others wrote it: it is data. */
export const keptResultSchema = v.object({ tool: v.string(), text: v.string() });

export type KeptResult = Readonly<v.InferOutput<typeof keptResultSchema>>;
