import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { Clock } from "../state/time.tsx";
import { Icon } from "../ui/Icon.tsx";
import { many, ShortId } from "../ui/parts.tsx";
import { attempt } from "../ui/Toasts.tsx";
import { Transcript } from "../ui/Transcript.tsx";

/** What a newcomer may say first. */
const HINTS = ["My name is Ann", "I live in Lisbon", "/reset", "hello again"];

const WHY: Readonly<Record<string, string>> = {
  idle: "nobody said anything for long enough",
  daily: "the day was over",
  reset: "somebody reset it",
  "max-age": "it was old enough",
  api: "an operator ended it",
  recovered: "the sweep found it",
};

/** A conversation, its sessions one below the other with the boundaries between them. */
export function Chat({
  name,
  on,
  sessions,
}: {
  readonly name: string;
  /** The platform's name in the config. */
  readonly on: string;
  readonly sessions: readonly SessionDetails[];
}) {
  const [text, setText] = useState("");
  const [sent, setSent] = useState<string>();
  const end = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const turns = sessions.reduce((sum, { transcript }) => sum + transcript.length, 0);
  const state = `${turns} ${sessions.length} ${sessions[0]?.status} ${sent}`;
  useEffect(
    () =>
      end.current?.scrollTo({
        top: end.current.scrollHeight,
        behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
      }),
    [state],
  );
  useEffect(() => setSent(undefined), [turns]);
  const say = async (words: string) => {
    if (!words.trim() || sent !== undefined) return;
    setText("");
    setSent(words);
    const answer = await attempt(() => call("/api/chat", { name, text: words, platform: on }));
    if (answer === undefined) setText(words);
    setSent(undefined);
    touch();
    input.current?.focus();
  };
  return (
    <section class="panel chat" aria-label={`Conversation with ${name}`}>
      <div class="scroll" ref={end} role="log" aria-label="What was said">
        {sessions.length === 0 && sent === undefined && (
          <p class="nothing">Nobody has said anything here yet. The first message begins a session.</p>
        )}
        {sessions.toReversed().map((session) => (
          <div key={session.session} class="lived">
            <p class="boundary">
              <span>
                Session{" "}
                <Link to={`/sessions/${session.session}`}>
                  <ShortId id={session.session} />
                </Link>{" "}
                began <Clock at={session.startedAt} />
              </span>
            </p>
            <Transcript turns={session.transcript} />
            {session.status === "ended" && (
              <p class="boundary ended fades">
                <span>
                  Ended <Clock at={session.endedAt} />: {WHY[session.reason ?? ""] ?? session.reason},{" "}
                  {many(session.turns, "turn")}
                </span>
              </p>
            )}
          </div>
        ))}
        {sent !== undefined && (
          <ol class="transcript">
            <li class="said user sending">
              <p class="words">{sent}</p>
            </li>
          </ol>
        )}
      </div>
      <div class="hints">
        {HINTS.map((hint) => (
          <button key={hint} type="button" class="choice" disabled={sent !== undefined} onClick={() => void say(hint)}>
            {hint}
          </button>
        ))}
      </div>
      <form
        class="compose"
        onSubmit={(event) => {
          event.preventDefault();
          void say(text);
        }}
      >
        <input
          ref={input}
          type="text"
          aria-label={`Say something as ${name}`}
          placeholder={`Say something as ${name}`}
          maxLength={4000}
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button main" disabled={sent !== undefined || text.trim() === ""}>
          Send
          <Icon name="send" />
        </button>
      </form>
    </section>
  );
}
