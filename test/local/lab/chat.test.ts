import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { npmStart } from "./npmStart.ts";

const VESPER = join(import.meta.dirname, "../../../bin/vesper.js");
const soon = { timeout: 30_000, interval: 100 };

const gateway = npmStart();
beforeAll(() => gateway.start(), 60_000);
afterAll(async () => {
  await gateway.stop();
  gateway.remove();
});

/** Runs the installed program as a shell does. */
function vesper(...args: string[]) {
  const child = spawn(process.execPath, [VESPER, ...args], { env: { ...process.env, VESPER_DATA: gateway.dataPath } });
  const shown = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      shown.text += chunk;
    });
  }
  const ended = once(child, "exit").then(([code]) => ({ code, text: shown.text.trim() }));
  return { child, shown, ended };
}

it("chats, moves the clock, breaks and mends a provider, and shows what becomes of the sessions as it happens", async () => {
  const { child, shown, ended } = vesper("chat");
  /** Types a line and waits for what it must lead to. */
  const type = async (line: string, ...leadsTo: RegExp[]) => {
    const from = shown.text.length;
    child.stdin.write(`${line}\n`);
    for (const pattern of leadsTo) await expect.poll(() => shown.text.slice(from), soon).toMatch(pattern);
  };
  await type("My name is Ann", /You said: My name is Ann/, /· cli: session \w{26} began; it ends in (1h|2h): idle/);
  await type(":to work", /in conversation work/);
  await type("I live in Lisbon", /You said: I live in Lisbon/, /· work: session \w{26} began/);

  // Both sessions are idle then, and are told of whichever is in front.
  await type(
    ":clock to-deadline",
    /the clock is moved 1 h 59 min|the clock is moved 2 h/,
    /· cli: session \w{26} ended: idle, 1 turn\n/,
    /· work: session \w{26} ended: idle, 1 turn\n/,
    /· cli: builtin: delivered/,
    /· \w+: remembered: .*Ann/,
    /· \w+: remembered: .*Lisbon/,
  );

  await type(":break builtin 401", /builtin is broken: 401/);
  await type("I like tea", /· work: session \w{26} began/);
  await type(
    "/reset",
    /ended: reset/,
    /· work: builtin: dead: auth, builtin answered 401 .*hooks redrive \w{26} builtin\n/,
  );
  await type(":mend builtin", /builtin is mended/);
  const redrive = vesper("hooks", "redrive", "--all", "--yes");
  expect((await redrive.ended).code).toBe(0);
  await expect.poll(() => shown.text, soon).toMatch(/· work: builtin: delivered: .*\n(.*\n)*.*remembered: .*tea/);

  await type(":break crm down", /vesper: the gateway has no memory provider "crm": it has builtin/);
  await type(":clock soon", /vesper: "soon" is no move: give a duration such as \+2h or \+1d, or to-deadline/);
  child.stdin.end(":quit\n");
  expect((await ended).code).toBe(0);
}, 150_000);

it("does the same from another terminal: moves the clock, breaks, mends, and signs a message by the moved clock", async () => {
  expect(await vesper("lab", "clock", "+3h").ended).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^the clock is moved 3 h; it is \d+ h( \d+ (min|s))? ahead$/),
  });
  expect(await vesper("say", "hello").ended).toMatchObject({
    code: 0,
    text: expect.stringContaining("You said: hello"),
  });
  expect(await vesper("lab", "clock", "to-deadline").ended).toMatchObject({
    code: 0,
    text: expect.stringMatching(/moved/),
  });
  expect(await vesper("lab", "break", "builtin", "down").ended).toMatchObject({ code: 0 });
  expect(await vesper("lab").ended).toMatchObject({ text: expect.stringMatching(/ahead\nbuiltin is broken: down$/) });
  expect(await vesper("lab", "break", "builtin", "loud").ended).toEqual({
    ...{ code: 1, text: 'vesper: "loud" is no fault: give one of down, slow, 401, 429' },
  });
  expect(await vesper("lab", "mend", "builtin").ended).toMatchObject({ code: 0 });
}, 150_000);
