/** Something that runs on its own until it is stopped. */
export interface Poller {
  /** Takes up nothing new; resolves when what it had taken up is done. */
  stop(): Promise<void>;
}
