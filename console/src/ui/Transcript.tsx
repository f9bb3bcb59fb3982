import type { SessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { Clock } from "../state/time.tsx";

type Turn = SessionDetails["transcript"][number];

/**
 * What was said. Who said it stands outside of the words, in a place and a colour that no words can reach; the words are
 * text, whatever is in them.
 */
export function Transcript({ turns }: { readonly turns: readonly Turn[] }) {
  if (turns.length === 0)
    return <p class="faint">Nothing is stored of it: nobody has said anything yet, or it has been purged.</p>;
  return (
    <ol class="transcript">
      {turns.map((turn) => (
        <TurnView key={turn.messageId} turn={turn} />
      ))}
    </ol>
  );
}

function TurnView({ turn }: { readonly turn: Turn }) {
  const { at, origin, user, command, text, notice, reply, repliedAt, status, undeliverable, remembered } = turn;
  const { toolResults } = turn;
  const speaker = origin === "scheduled" ? "schedule" : "user";
  const isAgents = status === "done" && command === null;
  return (
    <>
      {(command !== null || text !== null) && (
        <Said
          by={speaker}
          name={user?.name ?? user?.id ?? ""}
          at={at}
          text={command === null ? text : `/${command}`}
          isForgotten={!remembered && command === null}
        />
      )}
      {notice !== null && <Said by="gateway" name="" at={repliedAt} text={notice} />}
      {toolResults.map((result, index) => (
        <Said key={index} by="tool" name={result.tool} at={repliedAt} text={result.text} />
      ))}
      {reply !== null && (
        <Said by={isAgents ? "agent" : "gateway"} name="" at={repliedAt} text={reply} undeliverable={undeliverable} />
      )}
    </>
  );
}

function Said({
  by,
  name,
  at,
  text,
  isForgotten = false,
  undeliverable = null,
}: {
  readonly by: "user" | "schedule" | "tool" | "agent" | "gateway";
  readonly name: string;
  readonly at: string | null;
  readonly text: string | null;
  readonly isForgotten?: boolean;
  readonly undeliverable?: string | null;
}) {
  return (
    <li class={`said ${by} fades`}>
      <p class="by">
        <b>{by}</b>
        {name && <bdi class="clip-name">{name}</bdi>}
        <Clock at={at} />
      </p>
      <p class="words" dir="auto">
        {text}
      </p>
      {isForgotten && <p class="hint">memory providers do not get this</p>}
      {undeliverable && <p class="hint bad-text">did not arrive: {undeliverable}</p>}
    </li>
  );
}
