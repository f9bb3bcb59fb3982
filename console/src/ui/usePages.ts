import { useEffect, useState } from "preact/hooks";
import { call } from "../state/call.ts";
import { type Called, useCall } from "../state/useCall.ts";
import { attempt } from "./Toasts.tsx";

/** A list that is read a page at a time. */
export interface Pages<Answer> {
  readonly first: Called<Answer>;
  /** The pages behind the first one. */
  readonly more: readonly Answer[];
  /** Reads one more; absent: there is none. */
  readonly onMore?: () => void;
}

/** Reads a list page by page; the first one is kept up to date. */
export function usePages<Answer extends { readonly next: string | null }>(path: string): Pages<Answer> {
  const first = useCall<Answer>(path, { every: 15_000 });
  const [more, setMore] = useState<{ readonly path: string; readonly pages: readonly Answer[] }>({ path, pages: [] });
  useEffect(() => setMore({ path, pages: [] }), [path]);
  const pages = more.path === path ? more.pages : [];
  const next = (pages.at(-1) ?? first.data)?.next;
  const onMore = async () => {
    const separator = path.includes("?") ? "&" : "?";
    const page = await attempt(() => call<Answer>(`${path}${separator}cursor=${encodeURIComponent(next ?? "")}`));
    if (page) setMore({ path, pages: [...pages, page] });
  };
  return { first, more: pages, ...(next ? { onMore: () => void onMore() } : {}) };
}
