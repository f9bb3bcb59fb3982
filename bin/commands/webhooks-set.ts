import type { Command } from "commander";
import type { Platform } from "../../lib/adapter/Platform.ts";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { reasonOf } from "../../lib/operator/gateway/reasonOf.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { urlOption } from "../options/urlOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";
import { whyNotPublic } from "../whyNotPublic.ts";

interface SetOptions {
  readonly platform?: string;
  readonly url?: string;
  readonly json?: true;
}

/** What came of one platform. A contract: keys are added, never changed. */
interface SetView {
  readonly platform: string;
  /** Its webhook's address. */
  readonly url: string;
  /** `manual`: the platform takes it only by hand. */
  readonly status: "set" | "manual" | "failed";
  readonly detail: string;
}

/** `vesper webhooks set`: tells the platforms where the gateway is. */
export function webhooksSet(parent: Command, terminal: Terminal): void {
  parent
    .command("set")
    .description("register the webhooks with the platforms that allow it, list the other addresses; may be repeated")
    .option("--platform <name>", "only this platform, by its name in the config")
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async ({ platform, url, json }: SetOptions) => {
      const target = parent.optsWithGlobals<Target>();
      using gateway = await connect(terminal, target);
      const { platforms } = await loadConfig(gateway.address.configPath);
      const names = Object.keys(platforms).filter((name) => platform === undefined || name === platform);
      if (platform !== undefined && names.length === 0) {
        throw new CommandFailed(
          `no platform "${platform}" in the config: it has ${Object.keys(platforms).join(", ") || "none"}`,
        );
      }
      const base = url ?? gateway.address.webhookUrl;
      const views: SetView[] = [];
      for (const name of names) {
        const outcome = await register(platforms[name]?.create(gateway.adaptersOf(name)), `${base}/${name}`).catch(
          (error: unknown) => {
            const detail = reasonOf(error, terminal.env, target);
            if (detail === undefined) throw error;
            return { status: "failed" as const, detail };
          },
        );
        views.push({ platform: name, url: `${base}/${name}`, ...outcome });
      }
      const rows = views.map((view) => [view.platform, view.status, view.url, view.detail]);
      terminal.write(
        json ? toJson(views) : toTable(["PLATFORM", "STATUS", "WEBHOOK", "DETAIL"], rows, painter(terminal)),
      );
      const failed = views.filter(({ status }) => status === "failed");
      if (failed.length > 0) throw new CommandFailed(`not set: ${failed.map((view) => view.platform).join(", ")}`);
    });
}

async function register(platform: Platform | undefined, url: string): Promise<Pick<SetView, "status" | "detail">> {
  if (!platform?.register) return { status: "manual", detail: "give the platform this address by hand" };
  const problem = whyNotPublic(url);
  if (problem !== undefined) {
    return {
      status: "failed",
      detail: `not registered: ${problem}; give the address of a tunnel, or your own, with --url`,
    };
  }
  return { status: "set", detail: await platform.register(url) };
}
