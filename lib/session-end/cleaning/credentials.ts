/**
 * What credentials look like, by what they are. From the services' own pages where one says it, else from the rules of
 * gitleaks (https://github.com/gitleaks/gitleaks, MIT) and secretlint (https://github.com/secretlint/secretlint, MIT), which
 * the tests hold them to. A package of such rules is as large as a function: 84 KB.
 *
 * Each begins with letters that hardly any other text has, and none repeats what repeats, so that the work stays linear.
 */
export const CREDENTIALS: Readonly<Record<string, RegExp>> = {
  // To the end of the text where its own end is missing: what is left of a key is one still.
  "private-key":
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  "aws-access-key": /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/g,
  "aws-secret-key": /(?<=aws.{0,20}(?:secret|private).{0,20}key["']?\s{0,3}[=:]>?\s{0,3}["']?)[\w/+=]{40}(?![\w/+=])/gi,
  // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
  "github-token": /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9_]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/g,
  "gitlab-token": /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w.-]{20,300}/g,
  "slack-token":
    /(?<![A-Za-z0-9])(?:xox[abeoprs]-(?:[A-Za-z0-9]{1,20}-)?[A-Za-z0-9-]{10,200}|xapp-\d-[A-Za-z0-9-]{10,200})/g,
  "slack-webhook": /https:\/\/hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w/-]{20,100}/g,
  // OpenAI, Anthropic, OpenRouter and many who took it from them.
  "model-key": /(?<![A-Za-z0-9])sk-(?:[a-z0-9]{1,12}-){0,3}[\w-]{20,300}/g,
  // https://docs.stripe.com/keys
  "stripe-key": /(?<![A-Za-z0-9])[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,300}/g,
  // Of Standard Webhooks, and of Stripe's.
  "webhook-secret": /(?<![A-Za-z0-9])whsec_[\w+/=]{24,100}/g,
  "google-key": /(?<![A-Za-z0-9])(?:AIza[\w-]{35}(?![\w-])|ya29\.[\w-]{20,1000}|GOCSPX-[\w-]{28})/g,
  "sendgrid-key": /(?<![A-Za-z0-9])SG\.[\w-]{16,32}\.[\w-]{32,64}/g,
  "npm-token": /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g,
  "pypi-token": /(?<![A-Za-z0-9])pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/g,
  "hugging-face-token": /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,60}/g,
  // https://core.telegram.org/bots/api#authorizing-your-bot
  "telegram-token": /(?<![A-Za-z0-9])\d{6,16}:A[\w-]{34}(?![\w-])/g,
  "shopify-token": /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g,
  "digitalocean-token": /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}/g,
  "linear-key": /(?<![A-Za-z0-9])lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/g,
  // https://www.rfc-editor.org/rfc/rfc7519#section-3
  jwt: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}/g,
  // With the name before it, which is half of it.
  "password-in-address": /(?<=[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@]{1,100}:[^\s/@]{3,200}(?=@)/gi,
  // What is called so and is set, such as "api_key: …". Words alone are none: a key has a digit.
  "named-secret":
    /(?<=(?:passw(?:or)?d|pwd|secret|token|api[ _-]?key|access[ _-]?key|client[ _-]?secret)["']?\s{0,3}(?:=|:)\s{0,3}["']?)(?=[^\s"']{0,60}\d)[^\s"',;]{8,200}/gi,
};
