import * as v from "valibot";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import { strictFields } from "../../../lib/adapter/schema/strictFields.ts";
import { type Conversation, labelsOf } from "./labelled.ts";

const dataSchema = v.object({
  known_facts: v.array(v.object({ number: v.number(), text: v.string() })),
  conversation: v.array(v.object({ number: v.optional(v.number()), text: v.string() })),
});

/**
 * A stub in a model's place, which knows the set's labels: of each message that says something it makes a fact, in the same words.
 * It shows what is kept and found of a perfect reading. It says nothing of how well any model reads.
 */
export function perfectReader(set: readonly Conversation[]) {
  const labels = labelsOf(set);
  const model = defineAdapter("model", "perfect-reader", strictFields({}), () => ({
    async complete({ messages }) {
      const json = /^<data>\n(.*)\n<\/data>$/s.exec(messages[0]?.content ?? "")?.[1] ?? "{}";
      const { known_facts: known, conversation } = v.parse(dataSchema, JSON.parse(json));
      const said = conversation.flatMap(({ number, text }) => {
        const label = labels.get(text);
        return label && number !== undefined ? [{ number, text, label }] : [];
      });
      const about = (topic: string) =>
        known.filter(({ text }) => labels.get(text)?.about === topic).map(({ number }) => number);
      const facts = said
        .filter(({ label }) => !label.isTakenBack)
        .map(({ number, text, label }) => ({ text, message: number, replaces: about(label.about) }));
      const taken_back = said
        .filter(({ label }) => label.isTakenBack)
        .flatMap(({ number, label }) => about(label.about).map((fact) => ({ fact, message: number })));
      return {
        text: "",
        model: "perfect-reader",
        calls: [{ id: "1", name: "remember", input: { facts, taken_back, summary: "" } }],
      };
    },
  }));
  return model();
}
