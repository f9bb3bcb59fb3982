import { fauxqs } from "./fauxqs.ts";
import { Queue } from "./Queue.ts";
import type { QueueFile } from "./QueueFile.ts";

/**
 * All queues of an emulator. It has one account and one region: a queue is known by its name, whatever host, port,
 * account or region stand before it in the URL or ARN; so URLs stay good after a restart on another port.
 */
export class Store extends fauxqs.SqsStore {
  readonly file: QueueFile | undefined;

  /** With `file` its queues are loaded, and every later change is written to it. @throws SqsDataError */
  constructor(file?: QueueFile) {
    super();
    this.file = file;
    for (const stored of file?.load() ?? []) {
      const queue = this.add(stored.name, stored.arn, stored.attributes, stored.tags);
      queue.createdTimestamp = stored.created;
      queue.lastModifiedTimestamp = stored.modified;
      queue.refill(stored);
    }
    if (file) for (const queue of this.queues.values()) queue.persistence = file;
  }

  /** Makes a queue; fauxqs gives a URL with a host, which is not kept. */
  override createQueue(
    name: string,
    _url: string,
    arn: string,
    attributes?: Record<string, string>,
    tags?: Record<string, string>,
  ): Queue {
    const queue = this.add(name, arn, attributes, tags);
    if (this.file) {
      queue.persistence = this.file;
      this.file.insertQueue(queue);
    }
    return queue;
  }

  /** The queue at a URL: its last part is the name. */
  override getQueue(url: string): Queue | undefined {
    return this.named(url.slice(url.lastIndexOf("/") + 1));
  }

  /** The queue of an ARN: its last part is the name. */
  override getQueueByArn(arn: string): Queue | undefined {
    return this.named(arn.slice(arn.lastIndexOf(":") + 1));
  }

  /** Every queue. */
  all(): Queue[] {
    return [...this.queues.values()].filter((queue) => queue instanceof Queue);
  }

  /**
   * Runs `work` so that all it writes is on disk, or nothing. When nothing, as on a full disk, the queues are read anew:
   * a message or a deduplication id that only memory knew would be acknowledged at the sender's next attempt, and lost
   * with the process.
   */
  atomically<T>(work: () => T): T {
    if (!this.file || this.file.inTransaction) return work();
    try {
      return this.file.atomically(work);
    } catch (error) {
      for (const stored of this.file.load()) this.named(stored.name)?.refill(stored);
      throw error;
    }
  }

  private named(name: string): Queue | undefined {
    const queue = this.queuesByName.get(name);
    return queue instanceof Queue ? queue : undefined;
  }

  private add(name: string, arn: string, attributes?: Record<string, string>, tags?: Record<string, string>): Queue {
    const queue = new Queue(name, `http://localhost/000000000000/${name}`, arn, attributes, tags);
    this.queues.set(queue.url, queue);
    this.queuesByName.set(name, queue);
    this.queuesByArn.set(arn, queue);
    return queue;
  }
}
