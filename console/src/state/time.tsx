import { useEffect, useState } from "preact/hooks";

let ahead = 0;

const moved = new EventTarget();

/** How far two looks at a clock may differ by the time that the answer takes, milliseconds. */
const SLACK = 1_500;

/** From now on the page goes by the gateway's clock, which says this now. */
export function setGatewayTime(now: string): void {
  const old = ahead;
  ahead = Date.parse(now) - Date.now();
  if (Math.abs(ahead - old) > SLACK) moved.dispatchEvent(new Event("move"));
}

/** The gateway's time, milliseconds since the epoch. */
function gatewayNow(): number {
  return Date.now() + ahead;
}

/** The gateway's time, again each so many milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(gatewayNow());
  useEffect(() => {
    const update = () => setNow(gatewayNow());
    const timer = setInterval(update, every);
    moved.addEventListener("move", update);
    return () => {
      clearInterval(timer);
      moved.removeEventListener("move", update);
    };
  }, [every]);
  return now;
}

/** A duration in its two largest units, such as `3 h 12 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (Math.abs(milliseconds) < 1000) return `${Math.round(Math.abs(milliseconds))} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600)
    return `${Math.floor(seconds / 60)} min${seconds < 600 && seconds % 60 ? ` ${seconds % 60} s` : ""}`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours < 24) return `${hours} h${minutes ? ` ${minutes} min` : ""}`;
  const rest = hours % 24;
  return `${Math.floor(hours / 24)} d${rest && hours < 24 * 7 ? ` ${rest} h` : ""}`;
}

/** When something was or will be: how long from now, and the whole time for those who point at it. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const now = useNow(5_000);
  if (!at) return <span class="faint">–</span>;
  const away = Date.parse(at) - now;
  const text = Math.abs(away) < 2_000 ? "now" : away > 0 ? `in ${duration(away)}` : `${duration(away)} ago`;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** The time of day. */
export function Clock({ at }: { readonly at: string | null }) {
  if (!at) return <span class="faint">–</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })}
    </time>
  );
}
