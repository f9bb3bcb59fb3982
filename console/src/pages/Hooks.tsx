import { useEffect, useState } from "preact/hooks";
import { useAbout } from "../state/About.ts";
import { setQuery, usePlace } from "../state/router.tsx";
import { useCall } from "../state/useCall.ts";
import { ExportButton } from "../ui/ExportButton.tsx";
import { FilterBar } from "../ui/FilterBar.tsx";
import { PlanDialog, type Wish } from "../ui/PlanDialog.tsx";
import { Answer, Empty, Head } from "../ui/parts.tsx";
import { Segments } from "../ui/Segments.tsx";
import { Groups } from "./Groups.tsx";
import { HookList } from "./HookList.tsx";
import { type SessionsAnswer, SessionTable } from "./Sessions.tsx";

const VIEWS = [
  { value: "groups", name: "By cause" },
  { value: "list", name: "One by one" },
  { value: "matrix", name: "Sessions and providers" },
];

const STATUSES = ["dead", "pending", "accepted", "delivered", "skipped", "discarded", "all"].map((value) => ({
  value,
  name: value,
}));

/** What ended sessions became at their providers: by cause, one by one, or as a matrix. */
export function Hooks() {
  const { query } = usePlace();
  const { providers } = useAbout();
  const [wish, setWish] = useState<Wish>();
  const view = query.get("view") ?? "groups";
  const status = query.get("status") ?? "dead";
  const filter = query.get("filter") ?? "";
  const provider = query.get("provider") ?? "";
  const whole = [
    status === "all" || /\bstatus:/.test(filter) ? "" : `status:${status}`,
    provider && `provider:${provider}`,
    filter,
  ]
    .filter(Boolean)
    .join(" ");
  // A provider that is named in the address becomes a term that can be seen and taken away.
  useEffect(() => {
    if (provider) setQuery({ provider: undefined, filter: [`provider:${provider}`, filter].filter(Boolean).join(" ") });
  }, [provider, filter]);
  return (
    <>
      <Head
        title="Hooks"
        lead="One for each ended session and provider. It is done only when the provider has acknowledged; one that is accepted is still worked on there."
      >
        {view !== "matrix" && <ExportButton of="hooks" filter={whole} />}
      </Head>
      <div class="bar">
        <Segments label="View" options={VIEWS} value={view} onChoose={(one) => setQuery({ view: one })} />
        {view !== "matrix" && (
          <Segments
            label="State"
            options={STATUSES}
            value={status}
            onChoose={(one) => setQuery({ status: one, view })}
          />
        )}
      </div>
      {view !== "matrix" && (
        <FilterBar
          filter={filter}
          label="Filter hooks"
          hint="group:ab12cd34 age:>2h conversation:ann since:2026-11-01"
          choices={providers.length > 1 ? providers.map((name) => ({ name, term: `provider:${name}` })) : []}
        />
      )}
      {view === "groups" && <Groups filter={whole} status={status} onWish={setWish} />}
      {view === "list" && <HookList key={whole} filter={whole} status={status} onWish={setWish} />}
      {view === "matrix" && <Matrix providers={providers} />}
      {wish && <PlanDialog wish={wish} onClose={() => setWish(undefined)} />}
    </>
  );
}

function Matrix({ providers }: { readonly providers: readonly string[] }) {
  const sessions = useCall<SessionsAnswer>("/api/sessions?filter=status:ended&limit=100", { every: 15_000 });
  return (
    <Answer of={sessions}>
      {({ sessions: rows }) =>
        rows.length > 0 ? (
          <SessionTable sessions={rows} providers={providers} />
        ) : (
          <Empty title="No session has ended yet">Then each provider has a column here.</Empty>
        )
      }
    </Answer>
  );
}
