import { go } from "../state/router.tsx";
import { openHelp } from "./Help.tsx";
import { openPalette } from "./Palette.tsx";

/** `g` and then a letter. */
const PLACES: Readonly<Record<string, string>> = {
  ...{ o: "/", t: "/try", s: "/sessions", h: "/hooks", u: "/undelivered", b: "/operations", a: "/audit", e: "/health" },
};

/** How long after `g` a letter still belongs to it, milliseconds. */
const PATIENCE = 1_000;

let wentAt = 0;

/**
 * Follows the keyboard. Rows of a list have `data-row`; what a key does to a row, or else to the page, is a click on the
 * button there that has it as its `data-key`, so that the keyboard does nothing that a button does not.
 */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isWriting(event.target) ||
      document.querySelector("dialog[open]")
    )
      return;
    if (press(event.key)) event.preventDefault();
  });
}

function press(key: string): boolean {
  const place = PLACES[key];
  if (place !== undefined && performance.now() < wentAt + PATIENCE) {
    wentAt = 0;
    go(place);
    return true;
  }
  if (key === "g") {
    wentAt = performance.now();
    return true;
  }
  if (key === "?") return openHelp();
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "/") return focus(document.querySelector<HTMLElement>("[data-filter]"));
  const row = document.activeElement?.closest("[data-row]");
  const button = find(row, key) ?? find(document, key);
  button?.click();
  return button !== undefined;
}

function find(within: ParentNode | null | undefined, key: string): HTMLElement | undefined {
  if (!/^\w$/.test(key)) return undefined;
  return within?.querySelector<HTMLElement>(`[data-key="${key}"]:not(:disabled)`) ?? undefined;
}

function step(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next =
    rows[current < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, current + by))];
  return focus(next ?? null);
}

function focus(element: HTMLElement | null): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== null;
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && target.type === "checkbox")
  );
}
