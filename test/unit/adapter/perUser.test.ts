import { expect, it } from "vitest";
import { perUser } from "../../../lib/adapter/perUser.ts";
import { safeId } from "../../../lib/adapter/safeId.ts";
import type { Message } from "../../../lib/domain/Message.ts";

const [ann, bob] = [{ id: "ann" }, { id: "bob" }];

/** Messages such as `ann: hello` and `hi`, the agent's. */
const said = (...lines: string[]): readonly Message[] =>
  lines.map((line, at) => {
    const [, id, content] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (content === undefined) return { role: "assistant", content: line, at };
    return { role: "user", content, at, ...(id === "nobody" || !id ? {} : { author: { id } }) };
  });

const split = (users: readonly { readonly id: string }[], ...lines: string[]) =>
  Object.fromEntries(
    perUser({ users, messages: said(...lines) }).map(({ user, messages }) => [
      user.id,
      messages.map(({ content }) => content),
    ]),
  );

it("gives each user their own words and the answers to them", () => {
  expect(split([ann, bob], "ann: one", "to ann", "bob: two", "to bob", "and again", "ann: three")).toEqual({
    ann: ["one", "to ann", "three"],
    bob: ["two", "to bob", "and again"],
  });
});

it("gives the only person of a session all answers, the agent's first words, too", () => {
  expect(split([ann], "good morning", "ann: one", "to ann")).toEqual({ ann: ["good morning", "one", "to ann"] });
});

it("gives nobody the words that nobody is named for, nor what answers them", () => {
  expect(split([ann, bob], "to whom?", "nobody: psst", "to nobody", "ann: one", "bob: two")).toEqual({
    ann: ["one"],
    bob: ["two"],
  });
  expect(split([ann], "ann: one", "nobody: psst", "to nobody")).toEqual({ ann: ["one"] });
});

it("makes for each identity another id, of what every service takes and as long as allowed", () => {
  const ids = ["a:b", "a-b", "a/b", "", "名前", "x".repeat(500), `${"x".repeat(500)}y`].map((id) => safeId(id, id, 40));
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{18,40}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(safeId("Ann B.", "one")).toMatch(/^Ann-B-[0-9a-f]{16}$/);
  expect(safeId("ann", "one")).toBe(safeId("ann", "one"));
});
