const dlqMessages = (length: number, alphabet = "ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789") =>
  // A run that no rule takes for a placeholder, and the same in each run of the tests.
  Array.from({ length }, (_, i) => alphabet[(i * 7 + 3 + (i >> 2)) % alphabet.length]).join("");

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX = "0123456789abcdef";
const base64Url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A credential of each kind, put together here so that no scanner takes this file for a leak. None was ever valid.
 * `line`: the line that it stands in, where it is only one beside its name.
 */
export const SAMPLES: readonly { readonly what: string; readonly secret: string; readonly line?: string }[] = [
  {
    what: "private-key",
    secret: `-----BEGIN ${"RSA"} PRIVATE KEY-----\n${dlqMessages(64)}\n${dlqMessages(64)}\n-----END RSA PRIVATE KEY-----`,
  },
  { what: "private-key", secret: `-----BEGIN ${"OPENSSH"} PRIVATE KEY-----\n${dlqMessages(64)}\nand no end` },
  { what: "aws-access-key", secret: `AK${"IA"}${dlqMessages(16, UPPER)}` },
  {
    what: "aws-secret-key",
    secret: dlqMessages(40),
    line: `aws_secret_access_key = ${dlqMessages(40)}`,
  },
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => ({
    what: "github-token",
    secret: `${kind}_${dlqMessages(36)}`,
  })),
  { what: "github-token", secret: `github_${"pat"}_${dlqMessages(22)}_${dlqMessages(59)}` },
  { what: "gitlab-token", secret: `gl${"pat"}-${dlqMessages(20)}` },
  {
    what: "slack-token",
    secret: `xo${"xb"}-${dlqMessages(12, "0123456789")}-${dlqMessages(12, "0123456789")}-${dlqMessages(24)}`,
  },
  {
    what: "slack-webhook",
    secret: `https://hooks.slack.com/services/T${dlqMessages(8, UPPER)}/B${dlqMessages(8, UPPER)}/${dlqMessages(24)}`,
  },
  { what: "model-key", secret: `sk-${dlqMessages(20)}T3BlbkFJ${dlqMessages(20)}` },
  { what: "model-key", secret: `sk-proj-${dlqMessages(74)}T3BlbkFJ${dlqMessages(74)}` },
  { what: "model-key", secret: `sk-ant-api03-${dlqMessages(93)}AA` },
  { what: "stripe-key", secret: `sk_${"live"}_${dlqMessages(24)}` },
  { what: "webhook-secret", secret: `whsec_${dlqMessages(32)}` },
  { what: "google-key", secret: `AI${"za"}${dlqMessages(35)}` },
  { what: "sendgrid-key", secret: `SG.${dlqMessages(22)}.${dlqMessages(43)}` },
  { what: "npm-token", secret: `npm_${dlqMessages(36)}` },
  { what: "pypi-token", secret: `pypi-AgEIcHlwaS5vcmc${dlqMessages(60)}` },
  { what: "hugging-face-token", secret: `hf_${dlqMessages(34)}` },
  { what: "telegram-token", secret: `123456789:A${dlqMessages(34)}` },
  { what: "shopify-token", secret: `shp${"at"}_${dlqMessages(32, HEX)}` },
  { what: "digitalocean-token", secret: `dop_v1_${dlqMessages(64, HEX)}` },
  { what: "linear-key", secret: `lin_api_${dlqMessages(40)}` },
  { what: "jwt", secret: `${base64Url({ alg: "HS256" })}.${base64Url({ sub: "1234567890" })}.${dlqMessages(43)}` },
  {
    what: "password-in-address",
    secret: dlqMessages(12),
    line: `postgres://ann:${dlqMessages(12)}@db.example.com/main`,
  },
  { what: "named-secret", secret: dlqMessages(16), line: `API_KEY: "${dlqMessages(16)}"` },
];
