import { createSignal } from "./signal.ts";

interface Toast {
  readonly key: number;
  readonly text: string;
  readonly isBad: boolean;
  readonly undo?: (() => void) | undefined;
}

/** How long one is shown, milliseconds; with an undo longer. */
const SHOWN = 5_000;
const SHOWN_WITH_UNDO = 12_000;

const toasts = createSignal<readonly Toast[]>([]);
let keys = 0;

/** Says what came of an act, for a while. */
export function toast(
  text: string,
  { isBad = false, undo }: { readonly isBad?: boolean; readonly undo?: () => void } = {},
): void {
  const key = keys++;
  toasts.set([...toasts.get(), { key, text, isBad, undo }].slice(-4));
  setTimeout(() => drop(key), undo ? SHOWN_WITH_UNDO : SHOWN);
}

/** Does something, and says what went wrong where it did. Answers undefined then. */
export async function attempt<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { isBad: true });
    return undefined;
  }
}

function drop(key: number): void {
  toasts.set(toasts.get().filter((one) => one.key !== key));
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.use().map(({ key, text, isBad, undo }) => (
        <p key={key} class={isBad ? "toast bad fades" : "toast fades"}>
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              onClick={() => {
                drop(key);
                undo();
              }}
            >
              Undo
            </button>
          )}
        </p>
      ))}
    </div>
  );
}
