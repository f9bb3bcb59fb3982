import { useEffect, useState } from "preact/hooks";
import type { SessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { useAbout } from "../state/About.ts";
import { setQuery, usePlace } from "../state/router.tsx";
import { setGatewayTime } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { Icon } from "../ui/Icon.tsx";
import { Answer, Empty, Head } from "../ui/parts.tsx";
import { Segments } from "../ui/Segments.tsx";
import { Chat } from "./Chat.tsx";
import { Lab } from "./Lab.tsx";
import { LiveSession, Outcomes, Remembered } from "./Outcomes.tsx";

/** A conversation with its last sessions, the newest first. */
export interface ChatAnswer {
  readonly now: string;
  readonly conversation: string;
  readonly sessions: readonly SessionDetails[];
  readonly memories: readonly {
    readonly id: string;
    readonly kind: string;
    readonly text: string;
    readonly at: string | null;
  }[];
}

/** Names of conversations that this browser has begun. */
const KEPT = "vesper-conversations";

/** Chats on one of the platforms, and what the gateway makes of them. */
export function TryIt() {
  const { chats, lab } = useAbout();
  const { query } = usePlace();
  const name = query.get("with") ?? "ann";
  const on = chats.find((one) => one === query.get("on")) ?? chats[0];
  const chat = useCall<ChatAnswer>(on === undefined ? undefined : `/api/chat?${new URLSearchParams({ name, on })}`, {
    every: 3_000,
  });
  const now = chat.data?.now;
  useEffect(() => {
    if (now) setGatewayTime(now);
  }, [now]);
  if (on === undefined) {
    return (
      <Empty title="There is nothing to chat on">
        Add http: http({"{"} secret: secret("HTTP_SIGNING_SECRET") {"}"}) to the platforms of vesper.config.ts, and
        start anew.
      </Empty>
    );
  }
  return (
    <>
      <Head
        title="Try it"
        lead="Say something, let the session end, and see what is remembered. Break a provider on the way: nothing is lost."
      />
      {chats.length > 1 && (
        <Segments
          label="Platform"
          options={chats.map((value) => ({ value, name: value }))}
          value={on}
          onChoose={(value) => setQuery({ on: value })}
        />
      )}
      <Names current={name} />
      <Answer of={chat}>
        {(data) => {
          const live = data.sessions.find(({ status }) => status === "open");
          return (
            <div class="try">
              <Chat key={`${on} ${name}`} name={name} on={on} sessions={data.sessions} />
              <div class="stack">
                <LiveSession session={live} canMove={lab !== null} />
                <Outcomes sessions={data.sessions} />
                <Remembered memories={data.memories} />
                {lab && <Lab lab={lab} />}
              </div>
            </div>
          );
        }}
      </Answer>
    </>
  );
}

/** Which conversation: each name is a person in a direct chat of their own. */
function Names({ current }: { readonly current: string }) {
  const [names, setNames] = useState<readonly string[]>(readNames);
  const [text, setText] = useState("");
  useEffect(() => {
    if (names.includes(current)) return;
    const next = [...names, current].slice(-8);
    setNames(next);
    localStorage.setItem(KEPT, next.join("\n"));
  }, [names, current]);
  return (
    <div class="names bar">
      <Segments
        label="Conversation with"
        options={names.map((name) => ({ value: name, name }))}
        value={current}
        onChoose={(name) => setQuery({ with: name })}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) setQuery({ with: text.trim() });
          setText("");
        }}
      >
        <input
          type="text"
          aria-label="Another conversation"
          placeholder="another name"
          maxLength={40}
          pattern="[\w .\-]+"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="plain" aria-label="Begin the conversation">
          <Icon name="send" />
        </button>
      </form>
    </div>
  );
}

function readNames(): readonly string[] {
  return (localStorage.getItem(KEPT) ?? "ann\nben").split("\n").filter(Boolean);
}
