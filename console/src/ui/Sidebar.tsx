import { useState } from "preact/hooks";
import type { OverviewAnswer } from "../pages/Overview.tsx";
import { useAbout } from "../state/About.ts";
import { useLive } from "../state/live.ts";
import { Link, usePlace } from "../state/router.tsx";
import { duration } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { openPalette } from "./Palette.tsx";

interface Place {
  readonly to: string;
  readonly name: string;
  readonly icon: IconName;
  readonly count?: number;
}

/** Where one can go, and what waits there. */
export function Sidebar({ isAnswering }: { readonly isAnswering: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { path } = usePlace();
  const { data } = useCall<OverviewAnswer>("/api/overview", { every: 15_000 });
  const groups: readonly (readonly Place[])[] = [
    [
      { to: "/", name: "Overview", icon: "overview" },
      { to: "/try", name: "Try it", icon: "try" },
    ],
    [
      { to: "/sessions", name: "Sessions", icon: "sessions" },
      { to: "/hooks", name: "Hooks", icon: "hooks", count: data?.deadHooks ?? 0 },
      {
        to: "/undelivered",
        name: "Undelivered",
        icon: "undelivered",
        count: (data?.failedReplies ?? 0) + (data?.inbound ?? 0),
      },
    ],
    [
      { to: "/operations", name: "Operations", icon: "operations" },
      { to: "/audit", name: "Audit", icon: "audit" },
      { to: "/forget", name: "Forget", icon: "forget" },
      { to: "/health", name: "Health", icon: "health" },
    ],
  ];
  return (
    <aside class="sidebar">
      <div class="brand">
        <Link to="/" class="logo" label="Vesper, overview">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Vesper</span>
        </Link>
        <button
          type="button"
          class="menu"
          aria-expanded={isOpen}
          aria-controls="places"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="menu" />
          <span class="unseen">Menu</span>
        </button>
      </div>
      <div class={isOpen ? "drawer open" : "drawer"} id="places">
        <button type="button" class="search" onClick={openPalette}>
          <Icon name="search" />
          <span>Go to …</span>
          <kbd>Ctrl K</kbd>
        </button>
        <nav aria-label="Pages">
          {groups.map((places) => (
            <ul key={places[0]?.to}>
              {places.map(({ to, name, icon, count = 0 }) => (
                <li key={to}>
                  <Link to={to} isCurrent={isWithin(path, to)} onFollow={() => setOpen(false)}>
                    <Icon name={icon} />
                    <span>{name}</span>
                    {count > 0 && (
                      <b title={`${count} wait for an operator`}>
                        {count >= 10_000 ? "10k+" : count.toLocaleString("en")}
                      </b>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          ))}
        </nav>
        <Foot isAnswering={isAnswering} />
      </div>
    </aside>
  );
}

function Foot({ isAnswering }: { readonly isAnswering: boolean }) {
  const { name, region, isLocal, who, lab } = useAbout();
  const { isOpen } = useLive();
  const isLive = isOpen && isAnswering;
  return (
    <footer>
      <p>
        <span class={isLive ? "pulse on" : "pulse"} aria-hidden="true" />
        {isLive ? "Live" : "Not live"} · {name} {isLocal ? "on this machine" : region}
      </p>
      {lab && lab.clockOffset > 0 && <p class="wait-text">The clock is {duration(lab.clockOffset)} ahead</p>}
      <p class="faint" title={who}>
        You are {who}
      </p>
    </footer>
  );
}

function isWithin(path: string, to: string): boolean {
  return to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`);
}
