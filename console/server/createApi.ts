import type { ApiContext } from "./api/ApiContext.ts";
import { alarmsApi } from "./api/alarms.ts";
import { chatApi } from "./api/chat.ts";
import { exportsApi } from "./api/exports.ts";
import { forgetApi } from "./api/forget.ts";
import { hooksApi } from "./api/hooks.ts";
import { labApi } from "./api/lab.ts";
import { liveApi } from "./api/live.ts";
import { operationsApi } from "./api/operations.ts";
import { overviewApi } from "./api/overview.ts";
import { sessionsApi } from "./api/sessions.ts";
import { undeliveredApi } from "./api/undelivered.ts";
import type { Api } from "./startConsole.ts";

/** Every call of the page: each reads its input, calls what the command line calls, and answers JSON. */
export function createApi(context: ApiContext, onError: (error: unknown) => void): Api {
  return {
    ...overviewApi(context),
    ...sessionsApi(context),
    ...hooksApi(context),
    ...operationsApi(context),
    ...undeliveredApi(context),
    ...alarmsApi(context),
    ...exportsApi(context),
    ...forgetApi(context),
    ...chatApi(context),
    ...labApi(context),
    ...liveApi(context, onError),
  };
}
