import { call } from "../state/call.ts";
import { attempt } from "./Toasts.tsx";

/** Saves all that a list's filter means as NDJSON; the browser writes the file as it comes. */
export function ExportButton({ of, filter }: { readonly of: "sessions" | "hooks"; readonly filter: string }) {
  const save = () =>
    attempt(async () => {
      const { ticket } = await call<{ readonly ticket: string }>("/api/ticket", {});
      const link = document.createElement("a");
      link.href = `/api/export?${new URLSearchParams({ of, filter, ticket })}`;
      link.download = "";
      link.click();
    });
  return (
    <button type="button" class="button" onClick={() => void save()} title="All that match, one JSON object a line">
      Export
    </button>
  );
}
