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

it("a memory that the agent recites is taken out of its words; the same words of the user's own stay", () => {
  expect(
    clean(
      ["Likes green tea", "Of course:\n- Likes  green tea\n2. Lives in Lisbon\nAnything else?"],
      ["Likes green tea", "Lives in\nLisbon"],
    ),
  ).toEqual({ contents: ["Likes green tea", "Of course:\nAnything else?"], credentials: 0, recited: 2 });
});

it("a memory that the agent makes a sentence of is its own words, and stays", () => {
  expect(clean(["Hi", "As you like green tea, try this one."], ["Likes green tea"])).toMatchObject({
    contents: ["Hi", "As you like green tea, try this one."],
    recited: 0,
  });
});

it("a memory of a word or two may well be said for itself, and stays", () => {
  expect(clean(["Tea?", "Tea"], ["Tea"]).contents).toEqual(["Tea?", "Tea"]);
});

it("what a model repeats of its prompt is taken out: the memories' place, and the line that names an author", () => {
  const said = '[from "Ann"]\nHello!\n<memories>\n[{"text":"Likes tea"}]\n</memories>\nBye';
  expect(clean(["Hi", said])).toMatchObject({ contents: ["Hi", "Hello!\nBye"], recited: 2 });
});

it("a message of which nothing is left is left out", () => {
  expect(clean(["Hi", "Likes green tea", "Why?"], ["Likes green tea"]).contents).toEqual(["Hi", "Why?"]);
});

it("a credential is taken out of anybody's words", () => {
  expect(clean([`my key is ${KEY}`, `Do not tell me ${KEY}!`])).toEqual({
    contents: ["my key is [redacted github-token]", "Do not tell me [redacted github-token]!"],
    credentials: 2,
    recited: 0,
  });
});

it("either is left where the config says so", () => {
  const contents = [KEY, "Likes green tea"];
  const how = { credentials: false, recited: false };
  expect(clean(contents, ["Likes green tea"], how)).toEqual({ contents, credentials: 0, recited: 0 });
});

it("words in which there is nothing to take out are the same to the last blank", () => {
  const contents = [" a \r\n\n b ", "- Likes coffee \n"];
  expect(clean(contents, ["Likes green tea"]).contents).toEqual(contents);
});
