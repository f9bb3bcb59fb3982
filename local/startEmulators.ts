import { join } from "node:path";
import { startDynamoDb } from "../emulators/dynamodb/startDynamoDb.ts";
import { startSqs } from "../emulators/sqs/startSqs.ts";
import { startSsm } from "../emulators/ssm/startSsm.ts";

export interface EmulatorOptions {
  /** Folder of the data. */
  readonly dataPath: string;
  /** Addresses of emulators that run already, which are used in place of the embedded ones. */
  readonly endpoints: { readonly dynamodb?: string; readonly sqs?: string };
  /** Name to value, as they are now. */
  readonly parameters: () => ReadonlyMap<string, string>;
  /** The id of the access key that the embedded emulators ask for. */
  readonly accessKeyId: string;
  /** Called with what ends each emulator as soon as it runs. */
  readonly onStarted: (close: () => Promise<void>) => void;
}

/** Where the services are. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly ssm: string;
}

/** Starts the emulators, on loopback. @throws DataFolderError, SqsDataError when the data folder can't be used */
export async function startEmulators(options: EmulatorOptions): Promise<Endpoints> {
  const { dataPath, endpoints, parameters, accessKeyId } = options;
  const run = async (starting: Promise<{ readonly endpoint: string; close(): Promise<void> }>) => {
    const { endpoint, close } = await starting;
    options.onStarted(close);
    return endpoint;
  };
  const started = await Promise.allSettled([
    endpoints.dynamodb ?? run(startDynamoDb({ path: join(dataPath, "dynamodb"), accessKeyId })),
    endpoints.sqs ?? run(startSqs({ path: join(dataPath, "sqs"), accessKeyId })),
    run(startSsm({ parameters, accessKeyId })),
  ]);
  // All have settled, so that the caller can end those that run.
  const [dynamodb, sqs, ssm] = started.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  return { dynamodb: dynamodb ?? "", sqs: sqs ?? "", ssm: ssm ?? "" };
}
