import { render } from "preact";
import { App } from "./App.tsx";
import { enter, readKey } from "./state/access.ts";
import { followLive } from "./state/live.ts";
import { followKeys } from "./ui/keys.ts";

await enter();
if (readKey() !== undefined) void followLive();
followKeys();
const place = document.getElementById("app");
if (place) render(<App />, place);
