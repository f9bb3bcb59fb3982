import fc from "fast-check";
import { expect, it } from "vitest";
import { extractFacts, MOST_FACT } from "../../../../lib/memory/builtin/extractFacts.ts";

const textsOf = (text: string) => extractFacts(text).map((fact) => fact.text);

const idsOf = (text: string) => extractFacts(text).map((fact) => fact.id);

it.each([
  ["My name is Ana.", ["Name: Ana"]],
  ["hi, my name’s Zoë 👩‍👩‍👧!", ["Name: Zoë 👩‍👩‍👧"]],
  ["Call me Bob", ["Wants to be called Bob"]],
  ["My name is Ana and I live in Paris.", ["Name: Ana", "Lives in Paris"]],
  ["I'm from São Paulo, but I moved to Lisbon", ["Is from São Paulo", "Lives in Lisbon"]],
  ["I work as a nurse. I work at Node.js Inc.", ["Works as a nurse", "Works at Node.js Inc"]],
  ["I really like tea\nI hate mornings; I prefer evenings", ["Likes tea", "Hates mornings", "Prefers evenings"]],
  ["I don’t like coffee", ["Does not like coffee"]],
  ["My favourite colour is blue", ["Their favourite colour: blue"]],
  ["My wife's birthday is 3 May", ["Their wife's birthday: 3 May"]],
  ["Please remember that I park at P3", ["Asked to remember: I park at P3"]],
  ["I like tea. Actually, I hate tea.", ["Hates tea"]],
])("learns from: %s", (text, facts) => {
  expect(textsOf(text)).toEqual(facts);
});

it.each([
  "Is my name Ana?",
  "My name is Ana, isn't it?",
  "Call me later",
  "I like it",
  "I love you",
  "I'd like a coffee",
  "Remember me",
  "My problem is that it rains",
  "What do I like?",
  "She said my name is pretty",
  "my password is hunter2",
  "my API key is abc",
  "",
  "我叫李",
])("learns nothing from: %s", (text) => {
  expect(textsOf(text)).toEqual([]);
});

it("gives a later word on the same thing the same id, whatever its case", () => {
  expect(idsOf("my dog is Rex")).toEqual(idsOf("My Dog is Max"));
  expect(idsOf("I live in Porto")).toEqual(idsOf("I moved to Lisbon"));
  expect(idsOf("I like tea")).toEqual(idsOf("I don't like TEA"));
  expect(idsOf("I like tea")).not.toEqual(idsOf("I like mate"));
  expect(idsOf("My name is Ana")).not.toEqual(idsOf("Call me Ana"));
});

it("stays bounded and well-formed, and repeats no id, whatever is said", () => {
  const start = fc.constantFrom("my name is ", "I like ", "remember ", "my dog is ", "I live in ", "");
  fc.assert(
    fc.property(start, fc.string({ unit: "binary", maxLength: 500 }), (words, rest) => {
      const facts = extractFacts(words + rest);
      expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
      for (const { text } of facts) {
        expect(text.length).toBeLessThanOrEqual(MOST_FACT);
        expect(text.isWellFormed()).toBe(true);
      }
    }),
  );
});

it.each([
  "my ".repeat(50_000),
  "a".repeat(200_000),
  "I ".repeat(50_000),
  ".".repeat(200_000),
  "1 ".repeat(50_000),
  "a.".repeat(50_000),
  "-".repeat(200_000),
  "a1".repeat(100_000),
])("reads hostile text in milliseconds (%#)", (text) => {
  const start = performance.now();
  extractFacts(text);
  expect(performance.now() - start).toBeLessThan(200);
});
