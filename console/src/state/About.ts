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
  readonly canChat: boolean;
  /** Platforms that are simulated on this machine. */
  readonly simulated: readonly string[];
  readonly now: string;
  /** Null: its time can't be moved, nor its providers broken. */
  readonly lab: LabState | null;
}

const NOBODY: About = {
  ...{ name: "", region: "", isLocal: true, who: "", providers: [], platforms: [], canChat: false, simulated: [] },
  ...{ now: new Date().toISOString(), lab: null },
};

export const AboutContext = createContext<About>(NOBODY);

export function useAbout(): About {
  return useContext(AboutContext);
}
