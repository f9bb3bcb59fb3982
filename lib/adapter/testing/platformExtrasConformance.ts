import assert from "node:assert/strict";
import type { WebhookRequest } from "../Platform.ts";
import { assertFields } from "./failureOf.ts";
import type { SeenRequest } from "./faultServer.ts";
import { chunkOf, messageOf, type PlatformFixture, receive, type Said, said } from "./PlatformFixture.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a platform may tell beside a person's words: the genuine call that brings it. */
export interface PlatformExtras {
  /** A message in a group or in a thread of it, which names the bot or does not. */
  inGroup?(said: Said, namesBot: boolean): WebhookRequest;
  /** A message that answers another one. */
  answering?(said: Said, quoted: { readonly text: string; readonly author: string }): WebhookRequest;
  /** Words that the user passes on. */
  forwarded?(said: Said, from: string): WebhookRequest;
  /** A picture of that many bytes, under which the words stand. */
  picture?(said: Said, size: number): WebhookRequest;
  /** The correction of a message, by its number. */
  edit?(said: Said, edited: number): WebhookRequest;
  /** The group is called `to` from now on. */
  moved?(from: string, to: string): WebhookRequest;
  /** The bot was removed from the group for good. */
  gone?(chat: string): WebhookRequest;
  /** The piece that went out by this request, and has that id, was not delivered after all. */
  undelivered?(sent: SeenRequest, id: string): WebhookRequest;
  /** It shows replies while they are written, and the fixture has `standing`. */
  readonly drafts?: true;
}

/** What a platform must do with all that it may tell; of what it does not tell there are no tests. */
export function platformExtrasConformance(
  runner: TestRunner,
  makeFixture: () => Promise<PlatformFixture>,
  extras: PlatformExtras,
): void {
  const { inGroup, answering, forwarded, picture, edit, moved, gone, undelivered } = extras;
  const test = testsWith(runner, makeFixture);

  if (inGroup) {
    test("says of a group's message whether it names the bot, and takes the name off", async (fixture) => {
      for (const mentioned of [true, false]) {
        const message = await messageOf(fixture, inGroup(said(), mentioned));
        assertFields(message, { mentioned, text: "Hello" });
        assert.notEqual(message.chat.type, "dm");
      }
    });
  }

  if (answering) {
    test("gives what a message answers apart from its words", async (fixture) => {
      const quoted = { text: "Which one?", author: "Ben" };
      assertFields(await messageOf(fixture, answering(said(), quoted)), { text: "Hello", quoted });
    });
  }

  if (forwarded) {
    test("marks words that are another's, and takes none of them for a command", async (fixture) => {
      const message = await messageOf(fixture, forwarded(said({ text: "/reset" }), "Ben"));
      assertFields(message, { text: "/reset", forwarded: { from: "Ben" } });
      assert.equal(message.command, undefined);
    });
  }

  if (picture) {
    test("describes what comes with words, and what comes without", async (fixture) => {
      for (const text of ["Hello", ""]) {
        const message = await messageOf(fixture, picture(said({ text }), 1_000));
        assert.equal(message.text, text);
        const [attachment, ...more] = message.attachments ?? [];
        if (!attachment || more.length > 0) throw new Error(`a picture came as ${1 + more.length} attachments`);
        assertFields(attachment, { kind: "image", size: 1_000 });
        assert.equal(typeof attachment.handle, "string");
      }
    });
  }

  if (edit) {
    test("names the message that an edit corrects, and makes no command of an edit", async (fixture) => {
      const { ref } = await receive(fixture);
      assert.ok(ref, "the message has no ref");
      assertFields(await messageOf(fixture, edit(said({ number: 2, text: "Goodbye" }), 1)), {
        text: "Goodbye",
        edits: ref,
      });
      const { messages } = await fixture.platform.receive(edit(said({ number: 3, text: "/reset" }), 1));
      assert.deepEqual(messages, []);
    });
  }

  if (moved) {
    test("tells that a chat has moved", async (fixture) => {
      const { messages, chats = [] } = await fixture.platform.receive(moved("-500", "-100500"));
      assert.deepEqual([messages, chats.map(({ chat, movedTo }) => [chat.id, movedTo])], [[], [["-500", "-100500"]]]);
    });
  }

  if (gone) {
    test("tells that a chat is gone for good", async (fixture) => {
      const { messages, chats = [] } = await fixture.platform.receive(gone("-500"));
      const told = chats.map(({ chat, movedTo }) => [chat.id, chat.type, movedTo]);
      assert.deepEqual([messages, told], [[], [["-500", "group", undefined]]]);
    });
  }

  if (undelivered) {
    test("tells which piece was not delivered, and where it can be sent again", async (fixture) => {
      const { platform, server } = fixture;
      const chunk = chunkOf((await receive(fixture)).replyTo, "Hi");
      const id = (await platform.send(chunk)) ?? "";
      const request = server.requests.at(-1);
      assert.ok(request, "nothing was sent");
      const { messages, undelivered: [news, ...more] = [] } = await platform.receive(undelivered(request, id));
      if (!news || messages.length + more.length > 0)
        throw new Error("the call did not bring one failed delivery alone");
      const { key, session, conversation } = chunk;
      assertFields(news, { id, key, session, conversation });
      await platform.send({ ...chunk, replyTo: JSON.parse(JSON.stringify(news.replyTo)) });
      assert.deepEqual(fixture.sent(), ["Hi", "Hi"]);
    });
  }
}
