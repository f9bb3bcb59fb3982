import { useEffect, useState } from "preact/hooks";
import { Audit } from "./pages/Audit.tsx";
import { Forget } from "./pages/Forget.tsx";
import { Health } from "./pages/Health.tsx";
import { Hooks } from "./pages/Hooks.tsx";
import { Operation } from "./pages/Operation.tsx";
import { Operations } from "./pages/Operations.tsx";
import { Overview } from "./pages/Overview.tsx";
import { Session } from "./pages/Session.tsx";
import { Sessions } from "./pages/Sessions.tsx";
import { TryIt } from "./pages/TryIt.tsx";
import { Undelivered } from "./pages/Undelivered.tsx";
import { type About, AboutContext } from "./state/About.ts";
import { readKey } from "./state/access.ts";
import { usePlace } from "./state/router.tsx";
import { setGatewayTime } from "./state/time.tsx";
import { useCall } from "./state/useCall.ts";
import { Help } from "./ui/Help.tsx";
import { Palette } from "./ui/Palette.tsx";
import { Empty } from "./ui/parts.tsx";
import { Sidebar } from "./ui/Sidebar.tsx";
import { Toasts } from "./ui/Toasts.tsx";

/** The whole page. */
export function App() {
  const about = useCall<About>(readKey() === undefined ? undefined : "/api/about", { every: 5_000, isLive: false });
  const { path } = usePlace();
  const now = about.data?.now;
  useEffect(() => {
    if (now) setGatewayTime(now);
  }, [now]);
  useEffect(() => {
    document.title = `${titleOf(path)} · Vesper`;
  }, [path]);
  if (readKey() === undefined || about.error?.status === 401) return <Closed />;
  if (!about.data) return <Connecting message={about.error?.message} />;
  return (
    <AboutContext.Provider value={about.data}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="shell">
        <Sidebar isAnswering={about.error === undefined} />
        <main id="main" key={path.split("/")[1]} class="fades">
          {about.error && (
            <p class="note bad" role="alert">
              {about.error.message}. What is shown here is from before.
            </p>
          )}
          <Page path={path} />
        </main>
      </div>
      <Palette />
      <Help />
      <Toasts />
    </AboutContext.Provider>
  );
}

function Page({ path }: { readonly path: string }) {
  const [, noun = "", id] = path.split("/");
  switch (noun) {
    case "":
      return <Overview />;
    case "try":
      return <TryIt />;
    case "sessions":
      return id ? <Session key={id} id={decodeURIComponent(id)} /> : <Sessions />;
    case "hooks":
      return <Hooks />;
    case "undelivered":
      return <Undelivered />;
    case "operations":
      return id ? <Operation key={id} id={decodeURIComponent(id)} /> : <Operations />;
    case "audit":
      return <Audit />;
    case "forget":
      return <Forget />;
    case "health":
      return <Health />;
    default:
      return <Empty title="There is no such page">Choose one on the left, or press Ctrl K.</Empty>;
  }
}

function titleOf(path: string): string {
  const noun = path.split("/")[1] ?? "";
  const titles: Readonly<Record<string, string>> = { "": "Overview", try: "Try it", undelivered: "Undelivered" };
  return titles[noun] ?? noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** The browser has no key, or one of a console that has ended. */
function Closed() {
  return (
    <main class="alone">
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Open a fresh link</h1>
      <p>
        This console opens by its link alone, which works once. <code>npm start</code> prints one, and{" "}
        <code>npx vesper console</code> makes another.
      </p>
    </main>
  );
}

function Connecting({ message }: { readonly message: string | undefined }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main class="alone" aria-busy={message === undefined}>
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>{message ? "No answer" : isLate ? "Looking for the gateway …" : "Vesper"}</h1>
      {message && <p role="alert">{message}. This page goes on by itself when it is back.</p>}
    </main>
  );
}
