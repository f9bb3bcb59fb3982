/** What the HTTP API hands to the webhook function for a POST to a platform's route. */
export function webhookRequest(platform: string, body: string, headers: Record<string, string>) {
  return {
    version: "2.0",
    rawPath: `/webhooks/${platform}`,
    routeKey: `ANY /webhooks/${platform}`,
    headers,
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
    requestContext: { http: { method: "POST" } },
  };
}
