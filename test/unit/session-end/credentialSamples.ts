const letters = (length: number, alphabet = "ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789") =>
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
    secret: `-----BEGIN ${"RSA"} PRIVATE KEY-----\n${letters(64)}\n${letters(64)}\n-----END RSA PRIVATE KEY-----`,
  },
  { what: "private-key", secret: `-----BEGIN ${"OPENSSH"} PRIVATE KEY-----\n${letters(64)}\nand no end` },
  { what: "aws-access-key", secret: `AK${"IA"}${letters(16, UPPER)}` },
  {
    what: "aws-secret-key",
    secret: letters(40),
    line: `aws_secret_access_key = ${letters(40)}`,
  },
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => ({ what: "github-token", secret: `${kind}_${letters(36)}` })),
  { what: "github-token", secret: `github_${"pat"}_${letters(22)}_${letters(59)}` },
  { what: "gitlab-token", secret: `gl${"pat"}-${letters(20)}` },
  { what: "slack-token", secret: `xo${"xb"}-${letters(12, "0123456789")}-${letters(12, "0123456789")}-${letters(24)}` },
  {
    what: "slack-webhook",
    secret: `https://hooks.slack.com/services/T${letters(8, UPPER)}/B${letters(8, UPPER)}/${letters(24)}`,
  },
  { what: "model-key", secret: `sk-${letters(20)}T3BlbkFJ${letters(20)}` },
  { what: "model-key", secret: `sk-proj-${letters(74)}T3BlbkFJ${letters(74)}` },
  { what: "model-key", secret: `sk-ant-api03-${letters(93)}AA` },
  { what: "stripe-key", secret: `sk_${"live"}_${letters(24)}` },
  { what: "webhook-secret", secret: `whsec_${letters(32)}` },
  { what: "google-key", secret: `AI${"za"}${letters(35)}` },
  { what: "sendgrid-key", secret: `SG.${letters(22)}.${letters(43)}` },
  { what: "npm-token", secret: `npm_${letters(36)}` },
  { what: "pypi-token", secret: `pypi-AgEIcHlwaS5vcmc${letters(60)}` },
  { what: "hugging-face-token", secret: `hf_${letters(34)}` },
  { what: "telegram-token", secret: `123456789:A${letters(34)}` },
  { what: "shopify-token", secret: `shp${"at"}_${letters(32, HEX)}` },
  { what: "digitalocean-token", secret: `dop_v1_${letters(64, HEX)}` },
  { what: "linear-key", secret: `lin_api_${letters(40)}` },
  { what: "jwt", secret: `${base64Url({ alg: "HS256" })}.${base64Url({ sub: "1234567890" })}.${letters(43)}` },
  { what: "password-in-address", secret: letters(12), line: `postgres://ann:${letters(12)}@db.example.com/main` },
  { what: "named-secret", secret: letters(16), line: `API_KEY: "${letters(16)}"` },
];
