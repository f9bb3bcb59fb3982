/** What one of the doctor's checks found. A contract: keys are added, never changed. */
export interface Finding {
  /** What was looked at, such as `schedule`. */
  readonly check: string;
  readonly status: "ok" | "failed" | "skipped";
  /** What was found and, where it failed, what to do. */
  readonly detail: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, status: "ok", detail });
export const failed = (check: string, detail: string): Finding => ({ check, status: "failed", detail });
export const skipped = (check: string, detail: string): Finding => ({ check, status: "skipped", detail });
