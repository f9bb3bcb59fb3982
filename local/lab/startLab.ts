import type { LabState } from "./Lab.ts";
import { makeLabFolder, readFaults, readOffset } from "./labFiles.ts";
import { createOffset, moveDate, type SharedOffset, setOffset } from "./moveDate.ts";

/** Between two looks at the clock's file, milliseconds. Not `fs.watch`: not every file system tells of changes. */
const LOOK_MS = 100;

/** The runner's side of the lab. */
export interface RunningLab extends Disposable {
  /** For the functions' threads. */
  readonly offset: SharedOffset;
  /** How things stood at the start. */
  readonly state: LabState;
  /**
   * From now on moves of the clock are followed.
   *
   * @param onMoved told once the clock is moved: how far it is ahead, milliseconds
   * @param onError told that the clock's file could not be read
   */
  follow(onMoved: (clockOffset: number) => void, onError: (error: unknown) => void): void;
}

/** Moves this process's clock to where it was left. @throws LocalError when a file of the lab is damaged */
export function startLab(dataPath: string): RunningLab {
  makeLabFolder(dataPath);
  const state = { clockOffset: readOffset(dataPath), broken: readFaults(dataPath) };
  const offset = createOffset();
  setOffset(offset, state.clockOffset);
  const date = moveDate(offset);
  let timer: NodeJS.Timeout | undefined;
  return {
    offset,
    state,
    follow(onMoved, onError) {
      let known = state.clockOffset;
      let isDamaged = false;
      const look = () => {
        try {
          const now = readOffset(dataPath);
          isDamaged = false;
          if (now === known) return;
          known = now;
          setOffset(offset, now);
          onMoved(now);
        } catch (error) {
          // Once, not ten times a second.
          if (!isDamaged) onError(error);
          isDamaged = true;
        }
      };
      timer = setInterval(look, LOOK_MS).unref();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      date[Symbol.dispose]();
    },
  };
}
