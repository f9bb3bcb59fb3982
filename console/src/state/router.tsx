import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

const changed = new EventTarget();

/** Goes to a place within the page. */
export function go(path: string, { replace = false } = {}): void {
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  changed.dispatchEvent(new Event("go"));
}

/** Where the page is: its path, and what stands behind the question mark. */
export function usePlace(): { readonly path: string; readonly query: URLSearchParams } {
  const [place, setPlace] = useState(location.pathname + location.search);
  useEffect(() => {
    const update = () => setPlace(location.pathname + location.search);
    addEventListener("popstate", update);
    changed.addEventListener("go", update);
    return () => {
      removeEventListener("popstate", update);
      changed.removeEventListener("go", update);
    };
  }, []);
  const url = new URL(place, location.origin);
  return { path: url.pathname, query: url.searchParams };
}

/** Sets a part of the address behind the question mark; an empty value takes it away. */
export function setQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  go(location.pathname + (text ? `?${text}` : ""), { replace: true });
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** What readers say; absent: the words. */
  readonly label?: string;
  /** Whether it leads where one is. */
  readonly isCurrent?: boolean;
  readonly onFollow?: () => void;
}

/** A link within the page; opened in another tab it is an address like any other. */
export function Link({ to, children, class: className, label, isCurrent = false, onFollow }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onFollow?.();
    go(to);
    scrollTo(0, 0);
  };
  return (
    <a href={to} onClick={onClick} class={className} aria-label={label} aria-current={isCurrent ? "page" : undefined}>
      {children}
    </a>
  );
}
