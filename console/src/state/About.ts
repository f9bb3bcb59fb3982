import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { LabState } from "../../server/ConsoleLab.ts";

/** Which gateway this page is for. */
export interface About {
  readonly name: string;
  readonly region: string;
  readonly isLocal: boolean;
  readonly who: string;
  readonly providers: readonly string[];
  readonly platforms: readonly string[];
  /** Platforms that one can chat on here; the first is the one to begin with. */
  readonly chats: readonly string[];
  readonly now: string;
  /** Null: its time can't be moved, nor its providers broken. */
  readonly lab: LabState | null;
}

const NOBODY: About = {
  ...{ name: "", region: "", isLocal: true, who: "", providers: [], platforms: [], chats: [] },
  ...{ now: new Date().toISOString(), lab: null },
};

export const AboutContext = createContext<About>(NOBODY);

export function useAbout(): About {
  return useContext(AboutContext);
}
