import { Dialog } from "./Dialog.tsx";
import { createSignal } from "./signal.ts";

const isOpen = createSignal(false);

export function openHelp(): true {
  isOpen.set(true);
  return true;
}

const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl K", "go to a page or a session, or do something"],
  ["j  k", "down and up the rows"],
  ["Enter", "open the row"],
  ["x", "select the row"],
  ["r", "redrive the row, the selection or the list"],
  ["f", "bring it forward"],
  ["d", "discard it"],
  ["/", "filter"],
  ["g, then o t s h u b a e", "overview, try it, sessions, hooks, undelivered, operations, audit, health"],
  ["?", "this"],
];

/** What the keys do. */
export function Help() {
  if (!isOpen.use()) return null;
  return (
    <Dialog title="Keyboard" onClose={() => isOpen.set(false)}>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="faint">The same verbs are on the command line: npx vesper --help</p>
    </Dialog>
  );
}
