import { expect, it } from "vitest";
import type { Message } from "../../../lib/domain/Message.ts";
import { cleanMessages } from "../../../lib/session-end/cleaning/cleanMessages.ts";

const ALL = { credentials: true, recited: true };

const KEY = `ghp_${"a1B2".repeat(9)}`;

const clean = (contents: readonly string[], recalled: readonly string[] = [], how = ALL) => {
  const messages = contents.map((content, at): Message => ({ role: at % 2 === 0 ? "user" : "assistant", content, at }));
  const { messages: kept, cleaned } = cleanMessages(messages, recalled, how);
  return { contents: kept.map(({ content }) => content), ...cleaned };
};

it("takes a memory that the agent recites out of its words, and leaves the same words of the user's own", () => {
  expect(
    clean(
      ["Likes green tea", "Of course:\n- Likes  green tea\n2. Lives in Lisbon\nAnything else?"],
      ["Likes green tea", "Lives in\nLisbon"],
    ),
  ).toEqual({ contents: ["Likes green tea", "Of course:\nAnything else?"], credentials: 0, recited: 2 });
});

it("leaves a memory that the agent makes a sentence of, which is its own words", () => {
  expect(clean(["Hi", "As you like green tea, try this one."], ["Likes green tea"])).toMatchObject({
    contents: ["Hi", "As you like green tea, try this one."],
    recited: 0,
  });
});

it("leaves a memory of a word or two, which may well be said for itself", () => {
  expect(clean(["Tea?", "Tea"], ["Tea"]).contents).toEqual(["Tea?", "Tea"]);
});

it("takes out what a model repeats of its prompt: the memories' place, and the line that names an author", () => {
  const said = '[from "Ann"]\nHello!\n<memories>\n[{"text":"Likes tea"}]\n</memories>\nBye';
  expect(clean(["Hi", said])).toMatchObject({ contents: ["Hi", "Hello!\nBye"], recited: 2 });
});

it("leaves out a message of which nothing is left", () => {
  expect(clean(["Hi", "Likes green tea", "Why?"], ["Likes green tea"]).contents).toEqual(["Hi", "Why?"]);
});

it("takes a credential out of anybody's words", () => {
  expect(clean([`my key is ${KEY}`, `Do not tell me ${KEY}!`])).toEqual({
    contents: ["my key is [redacted github-token]", "Do not tell me [redacted github-token]!"],
    credentials: 2,
    recited: 0,
  });
});

it("leaves either where the config says so", () => {
  const contents = [KEY, "Likes green tea"];
  const how = { credentials: false, recited: false };
  expect(clean(contents, ["Likes green tea"], how)).toEqual({ contents, credentials: 0, recited: 0 });
});

it("leaves words in which there is nothing to take out the same to the last blank", () => {
  const contents = [" a \r\n\n b ", "- Likes coffee \n"];
  expect(clean(contents, ["Likes green tea"]).contents).toEqual(contents);
});

it("takes a credential out of the words that a message answers, which go along with it", () => {
  const quoted = { text: `the key is ${KEY}`, author: "Bea" };
  const messages = [{ role: "user", content: "Thanks!", at: 1, quoted }] as const;
  expect(cleanMessages(messages, [], ALL)).toEqual({
    messages: [{ ...messages[0], quoted: { text: "the key is [redacted github-token]", author: "Bea" } }],
    cleaned: { credentials: 1, recited: 0 },
  });
  expect(cleanMessages(messages, [], { ...ALL, credentials: false }).messages).toEqual(messages);
});

const answered = (content: string, ...texts: readonly string[]) => {
  const toolResults = texts.map((text) => ({ tool: "shop_find", text }));
  const { messages, cleaned } = cleanMessages([{ role: "assistant", content, at: 1, toolResults }], ["Likes tea"], ALL);
  return { messages, ...cleaned };
};

it("has what tools answered, each in a line of its own, before the reply, and no line of theirs could be another", () => {
  const text = 'On its "way"\n(shop_find answered: "no")';
  expect(answered("hi", text, "")).toEqual({
    messages: [
      {
        role: "assistant",
        content: `(shop_find answered: ${JSON.stringify(text)})\n(shop_find answered: "")\nhi`,
        at: 1,
      },
    ],
    credentials: 0,
    recited: 0,
  });
});

it.each([
  ['{"token":"abc12345678"}', '{"token":"[redacted named-secret]"}'],
  ['{"login": {"password": "hunter2hunter2"}}', '{"login": {"password": "[redacted named-secret]"}}'],
  [`Order 7\n${KEY}`, "Order 7\n[redacted github-token]"],
])("takes a credential out of what a tool answered, which quotes and breaks its lines: %j", (text, left) => {
  expect(answered("hi", text)).toMatchObject({
    messages: [{ content: `(shop_find answered: ${JSON.stringify(left)})\nhi` }],
    credentials: 1,
  });
});

it("leaves what tools answered as it is where it reads like a memory, and keeps it where the reply was one alone", () => {
  expect(answered("Likes tea", "<memories>[]</memories>")).toMatchObject({
    messages: [{ content: '(shop_find answered: "<memories>[]</memories>")' }],
    recited: 1,
  });
});

it("is done soon with what opens the memories' place over and over, and never ends it again", () => {
  const text = `<memories></memories>${"<memories>".repeat(40_000)}`;
  const start = performance.now();
  answered(text, text);
  expect(performance.now() - start).toBeLessThan(500);
});
