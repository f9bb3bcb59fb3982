import { useState } from "preact/hooks";
import type { DlqMessage } from "../../../lib/operator/inbound/DlqMessage.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { AskWhy } from "../ui/Acts.tsx";
import { PlanDialog, type Wish } from "../ui/PlanDialog.tsx";
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
  readonly dlqMessages: readonly DlqMessage[];
  readonly total: number;
}

/** What is asked before something is discarded. */
interface Asked {
  readonly title: string;
  readonly path: string;
  readonly body: object;
}

/** Replies that did not arrive, and messages that were not answered. */
export function Undelivered() {
  const replies = useCall<RepliesAnswer>("/api/replies?limit=200", { every: 15_000 });
  // Looking hides messages from other readers for a moment, so it is not done all the time.
  const inbound = useCall<InboundAnswer>("/api/inbound", { every: 60_000, isLive: false });
  const [asked, setAsked] = useState<Asked>();
  const [wish, setWish] = useState<Wish>();
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
      {wish && <PlanDialog wish={wish} onClose={() => setWish(undefined)} />}
      <section aria-labelledby="replies">
        <div class="section-head">
          <h2 id="replies">Replies that did not arrive</h2>
          {(replies.data?.replies.length ?? 0) > 0 && (
            <All
              names={["Send all again …", "Discard all …"]}
              verbs={["send-replies", "discard-replies"]}
              onWish={setWish}
            />
          )}
        </div>
        <Answer of={replies}>
          {({ replies: rows }) =>
            rows.length === 0 ? (
              <Empty title="Every reply has arrived" />
            ) : (
              <ul class="cards">
                {rows.map((row) => (
                  <li
                    key={`${row.session} ${row.messageId}`}
                    class="panel dlq-message"
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
        <div class="section-head">
          <h2 id="inbound">Messages that were not answered</h2>
          {(inbound.data?.dlqMessages.length ?? 0) > 0 && (
            <All
              names={["Move all back …", "Discard all …"]}
              verbs={["redrive-inbound", "discard-inbound"]}
              onWish={setWish}
            />
          )}
        </div>
        <Answer of={inbound}>
          {({ dlqMessages, total }) =>
            dlqMessages.length === 0 ? (
              <Empty title="Every message was answered" />
            ) : (
              <>
                {total > dlqMessages.length && (
                  <p class="note">
                    {many(total, "message")} are there; of one conversation only the first ten can be seen together.
                  </p>
                )}
                <ul class="cards">
                  {dlqMessages.map((dlqMessage) => (
                    <li
                      key={dlqMessage.id}
                      class="panel dlq-message"
                      data-row
                      aria-label={`Message ${dlqMessage.id.slice(0, 8)}`}
                    >
                      <p>
                        <Badge state={`${dlqMessage.receives} tries`} tone="bad" />{" "}
                        {dlqMessage.platform ?? "unknown platform"} {dlqMessage.user && `from ${dlqMessage.user}`}{" "}
                        <span class="faint">
                          accepted <When at={dlqMessage.acceptedAt} />
                        </span>
                      </p>
                      {dlqMessage.text && <p class="quote">{dlqMessage.text}</p>}
                      <p>{dlqMessage.why}</p>
                      <div class="actions">
                        <button
                          type="button"
                          class="button"
                          data-key="r"
                          onClick={() =>
                            void act("/api/inbound/redrive", { id: dlqMessage.id }, "Moved back; it is answered now")
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
                              body: { id: dlqMessage.id },
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

/** Bulk actions on all of a list, by their plans. */
function All({
  names,
  verbs,
  onWish,
}: {
  readonly names: readonly string[];
  readonly verbs: readonly Wish["verb"][];
  readonly onWish: (wish: Wish) => void;
}) {
  return (
    <div class="actions">
      {verbs.map((verb, index) => (
        <button key={verb} type="button" class="button" onClick={() => onWish({ verb, filter: "" })}>
          {names[index]}
        </button>
      ))}
    </div>
  );
}
