import { useState } from "preact/hooks";
import type { InboundLetter } from "../../../lib/operator/inbound/InboundLetter.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { AskWhy } from "../ui/Acts.tsx";
import { Answer, Badge, Empty, Head, many, ShortId } from "../ui/parts.tsx";
import { attempt, toast } from "../ui/Toasts.tsx";

interface RepliesAnswer {
  readonly replies: readonly {
    readonly session: string;
    readonly messageId: string;
    readonly platform: string;
    readonly kind: string;
    readonly reply: string | null;
    readonly failedAt: string | null;
    readonly resentAt: string | null;
  }[];
}

interface InboundAnswer {
  readonly letters: readonly InboundLetter[];
  readonly total: number;
}

/** What is asked before something is discarded. */
interface Asked {
  readonly title: string;
  readonly path: string;
  readonly body: object;
}

/** Replies that did not arrive, and messages that were not answered. */
export function Letters() {
  const replies = useCall<RepliesAnswer>("/api/replies?limit=200", { every: 15_000 });
  // Looking hides messages from other readers for a moment, so it is not done all the time.
  const inbound = useCall<InboundAnswer>("/api/inbound", { every: 60_000, isLive: false });
  const [asked, setAsked] = useState<Asked>();
  const act = async (path: string, body: object, said: string) => {
    const answer = await attempt(() => call<{ readonly done: number }>(path, body));
    if (!answer) return;
    toast(answer.done > 0 ? said : "It had changed meanwhile, and was left alone");
    touch();
    replies.reload();
    inbound.reload();
  };
  return (
    <>
      <Head
        title="Undelivered"
        lead="Replies that a platform did not take, and messages that could not be answered. Both wait for you."
      />
      {asked && (
        <AskWhy
          title={asked.title}
          onClose={() => setAsked(undefined)}
          onAgreed={(why) => {
            setAsked(undefined);
            void act(asked.path, { ...asked.body, why }, "Discarded");
          }}
        >
          This is for good.
        </AskWhy>
      )}
      <section aria-labelledby="replies">
        <h2 id="replies">Replies that did not arrive</h2>
        <Answer of={replies}>
          {({ replies: rows }) =>
            rows.length === 0 ? (
              <Empty title="Every reply has arrived" />
            ) : (
              <ul class="cards">
                {rows.map((row) => (
                  <li
                    key={`${row.session} ${row.messageId}`}
                    class="panel letter"
                    data-row
                    aria-label={`Reply in session ${row.session.slice(-6)}`}
                  >
                    <p>
                      <Badge state={row.kind} tone="bad" /> {row.platform}, session{" "}
                      <Link to={`/sessions/${row.session}`}>
                        <ShortId id={row.session} />
                      </Link>{" "}
                      <span class="faint">
                        failed <When at={row.failedAt} />
                        {row.resentAt && (
                          <>
                            , sent again <When at={row.resentAt} />
                          </>
                        )}
                      </span>
                    </p>
                    <p class="quote">{row.reply ?? "nothing to send"}</p>
                    <div class="actions">
                      <button
                        type="button"
                        class="button"
                        data-key="r"
                        onClick={() =>
                          void act(
                            "/api/replies/send",
                            { session: row.session, messageId: row.messageId },
                            "On its way again",
                          )
                        }
                      >
                        Send again
                      </button>
                      <button
                        type="button"
                        class="button"
                        data-key="d"
                        onClick={() =>
                          setAsked({
                            title: "Discard the reply",
                            path: "/api/replies/discard",
                            body: { session: row.session, messageId: row.messageId },
                          })
                        }
                      >
                        Discard …
                      </button>
                    </div>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      <section aria-labelledby="inbound">
        <h2 id="inbound">Messages that were not answered</h2>
        <Answer of={inbound}>
          {({ letters, total }) =>
            letters.length === 0 ? (
              <Empty title="Every message was answered" />
            ) : (
              <>
                {total > letters.length && (
                  <p class="note">
                    {many(total, "message")} are there; of one conversation only the first ten can be seen together.
                  </p>
                )}
                <ul class="cards">
                  {letters.map((letter) => (
                    <li key={letter.id} class="panel letter" data-row aria-label={`Message ${letter.id.slice(0, 8)}`}>
                      <p>
                        <Badge state={`${letter.receives} tries`} tone="bad" /> {letter.platform ?? "unknown platform"}{" "}
                        {letter.user && `from ${letter.user}`}{" "}
                        <span class="faint">
                          accepted <When at={letter.acceptedAt} />
                        </span>
                      </p>
                      {letter.text && <p class="quote">{letter.text}</p>}
                      <p>{letter.why}</p>
                      <div class="actions">
                        <button
                          type="button"
                          class="button"
                          data-key="r"
                          onClick={() =>
                            void act("/api/inbound/redrive", { id: letter.id }, "Moved back; it is answered now")
                          }
                        >
                          Move back
                        </button>
                        <button
                          type="button"
                          class="button"
                          data-key="d"
                          onClick={() =>
                            setAsked({
                              title: "Discard the message",
                              path: "/api/inbound/discard",
                              body: { id: letter.id },
                            })
                          }
                        >
                          Discard …
                        </button>
                      </div>
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </Answer>
      </section>
    </>
  );
}
