import type { AdapterServices } from "./AdapterServices.ts";
import type { ModelUsage } from "./Model.ts";

/** Counts what a model's answer has used up, which is most of a gateway's bill. Nothing where its service does not tell. */
export function countTokens({ metrics }: Pick<AdapterServices, "metrics">, usage: ModelUsage | undefined): void {
  if (!usage) return;
  metrics.put("ModelInputTokens", usage.inputTokens, "Count");
  metrics.put("ModelOutputTokens", usage.outputTokens, "Count");
}
