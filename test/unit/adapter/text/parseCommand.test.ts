import fc from "fast-check";
import { expect, it } from "vitest";
import { COMMANDS, parseCommand } from "../../../../lib/adapter/text/parseCommand.ts";

it.each([
  ["/reset", "reset", ""],
  ["/RESET", "reset", ""],
  ["/reset ", "reset", ""],
  ["/new some text", "new", "some text"],
  ["/new\nsome\ntext", "new", "some\ntext"],
  ["/memory off", "memory", "off"],
  ["/reset.", "reset", ""],
  ["/new: some text", "new", "some text"],
  ["/new ?", "new", "?"],
])("reads %j as a command", (text, command, rest) => {
  expect(parseCommand(text)).toEqual({ command, text: rest });
});

it.each([
  "/foo",
  "/resets",
  "/reset.md is a file",
  "/reset/x",
  " /reset",
  "reset",
  "//reset",
  "/",
  "/reset@bot",
  "/ reset",
  "/new@",
])("reads %j as text", (text) => {
  expect(parseCommand(text)).toEqual({ text });
});

it("asks whether an addressed command is meant for us", () => {
  expect(parseCommand("/new@Us hello", (name) => name === "Us")).toEqual({ command: "new", text: "hello" });
  expect(parseCommand("/new@them hello", (name) => name === "Us")).toEqual({ text: "/new@them hello" });
});

it("gives back a text that is no command untouched", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const parsed = parseCommand(text);
      if (parsed.command === undefined) expect(parsed.text).toBe(text);
      else expect(text.toLowerCase().startsWith(`/${parsed.command}`)).toBe(true);
    }),
  );
});

it("keeps whatever follows a command's name", () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.string({ unit: "binary" }), (command, rest) => {
      expect(parseCommand(`/${command} ${rest}`)).toEqual({ command, text: rest.trim() });
    }),
  );
});
