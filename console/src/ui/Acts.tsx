import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Dialog } from "./Dialog.tsx";
import { many } from "./parts.tsx";
import { attempt, toast } from "./Toasts.tsx";
import { WhyField } from "./WhyField.tsx";

export type ActVerb = "redrive" | "forward" | "discard" | "restore";

interface Hook {
  readonly session: string;
  readonly provider: string;
}

/** Does something to a few hooks. */
export type HookAct = (verb: ActVerb, hooks: readonly Hook[]) => void;

const PAST: Readonly<Record<ActVerb, string>> = {
  redrive: "redriven",
  forward: "brought forward",
  discard: "discarded",
  restore: "restored",
};

/** What can be done to hooks that were chosen one by one; a discard asks why, and can be undone. */
export function useActs(onDone: () => void = () => {}): { readonly act: HookAct; readonly dialog: ComponentChildren } {
  const [asked, setAsked] = useState<readonly Hook[]>();
  const run = (verb: ActVerb, hooks: readonly Hook[], why?: string) =>
    attempt(async () => {
      const named = hooks.map(({ session, provider }) => ({ session, provider }));
      const { done, left } = await call<{ readonly done: number; readonly left: number }>("/api/hooks/act", {
        verb,
        hooks: named,
        ...(why ? { why } : {}),
      });
      const rest = left > 0 ? `; ${left} had changed meanwhile and ${left === 1 ? "was" : "were"} left alone` : "";
      toast(
        `${many(done, "hook")} ${PAST[verb]}${rest}`,
        verb === "discard" && done > 0 ? { undo: () => void run("restore", named) } : {},
      );
      touch();
      onDone();
    });
  const act: HookAct = (verb, hooks) => {
    if (hooks.length === 0) return;
    if (verb === "discard") setAsked(hooks);
    else void run(verb, hooks);
  };
  const dialog = asked && (
    <AskWhy
      title={`Discard ${many(asked.length, "hook")}`}
      onClose={() => setAsked(undefined)}
      onAgreed={(why) => {
        setAsked(undefined);
        void run("discard", asked, why);
      }}
    >
      Their providers do not get these sessions, and the transcripts are kept no longer on their account. It can be
      undone until they are purged.
    </AskWhy>
  );
  return { act, dialog };
}

/** Asks for the reason that goes into the audit log. */
export function AskWhy({
  title,
  children,
  onClose,
  onAgreed,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
  readonly onAgreed: (why: string) => void;
}) {
  const [why, setWhy] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAgreed(why.trim());
        }}
      >
        <p>{children}</p>
        <WhyField isRequired why={why} onWhy={setWhy} />
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="button danger" disabled={why.trim() === ""}>
            Discard
          </button>
        </div>
      </form>
    </Dialog>
  );
}
