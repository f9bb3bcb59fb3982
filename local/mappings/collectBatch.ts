/** Milliseconds of a second. */
const SECOND = 1000;

export interface BatchSettings {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
}

/**
 * Reads until the batch is full or its window, which the first item opens, is over. Without a window: one read.
 *
 * @param read returns up to so many items; none when there are none at the moment
 */
export async function collectBatch<Item>(
  settings: BatchSettings,
  read: (most: number) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const batch: Item[] = [...(await read(settings.BatchSize))];
  const closes = Date.now() + settings.MaximumBatchingWindowInSeconds * SECOND;
  while (batch.length > 0 && batch.length < settings.BatchSize && Date.now() < closes) {
    batch.push(...(await read(settings.BatchSize - batch.length)));
  }
  return batch;
}
