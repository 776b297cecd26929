/** Secrets that can be told by their shape, and passwords inside URLs and headers. What is found is never repeated in a message. */
import type { Span } from "../text/edit.ts";

export interface Secret extends Span {
  /** What it is: "a GitHub token". */
  readonly kind: string;
}

/** Prefixes and lengths as their issuers document them, and as secret scanners know them. */
const SHAPES: readonly (readonly [kind: string, source: string])[] = [
  ["an AWS access key", String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`],
  ["a GitHub token", String.raw`(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b`],
  ["a GitLab token", String.raw`gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|soat|oas)-[\w-]{20,}`],
  ["a Slack token", String.raw`(?:xox[abeoprs]-(?:\d+-)?[\w-]{10,}|xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{20,})`],
  ["a Slack webhook", String.raw`hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,}/[A-Z0-9]{6,}/[A-Za-z0-9]{16,}`],
  ["a Discord webhook", String.raw`discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{50,}`],
  ["a Stripe key", String.raw`(?:[sr]k_live_[0-9a-zA-Z]{20,}|whsec_[A-Za-z0-9]{32,})\b`],
  ["an npm token", String.raw`npm_[A-Za-z0-9]{36}\b`],
  ["a PyPI token", String.raw`pypi-AgE[A-Za-z0-9_-]{50,}`],
  ["a RubyGems key", String.raw`rubygems_[0-9a-f]{48}\b`],
  ["a Google API key", String.raw`AIza[0-9A-Za-z_-]{35}(?![\w-])`],
  ["a Google OAuth secret", String.raw`(?:GOCSPX-[\w-]{28}|ya29\.[\w-]{30,})(?![\w-])`],
  ["an OpenAI key", String.raw`sk-(?:proj-|svcacct-|admin-)?[\w-]{20,}T3BlbkFJ[\w-]{20,}`],
  ["an Anthropic key", String.raw`sk-ant-[a-z]+\d{2}-[\w-]{80,}`],
  ["a Hugging Face token", String.raw`hf_[A-Za-z]{34}\b`],
  ["a SendGrid key", String.raw`SG\.[\w-]{22}\.[\w-]{43}(?![\w-])`],
  ["a DigitalOcean token", String.raw`do[opr]_v1_[0-9a-f]{64}\b`],
  ["a Docker Hub token", String.raw`dckr_(?:pat|oat)_[\w-]{27,}`],
  ["a Databricks token", String.raw`dapi[0-9a-f]{32}\b`],
  ["a Vault token", String.raw`hv[sb]\.[\w-]{24,}`],
  ["a Shopify token", String.raw`shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b`],
  ["a Telegram bot token", String.raw`\d{8,10}:AA[\w-]{33}(?![\w-])`],
  ["a Grafana token", String.raw`glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b`],
  ["an Atlassian token", String.raw`ATATT3[\w=-]{100,}`],
  ["an age key", String.raw`AGE-SECRET-KEY-1[0-9A-Z]{58}\b`],
  ["a key of an Azure storage account", String.raw`AccountKey=[A-Za-z0-9+/]{86}==`],
  ["a JSON web token", String.raw`eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}`],
  [
    "a private key",
    String.raw`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|[\s\\])*(?:[\w-]+:[^\n\\]*(?:\\n|\n)[\s\\]*)*[A-Za-z0-9+/=]{40}`,
  ],
];

const SHAPE = new RegExp(`(?<![A-Za-z0-9_])(?:${SHAPES.map(([, source]) => `(${source})`).join("|")})`, "g");
/** One of these is in every text that has a shape: looked for first, because nearly no text has one. */
const HINT =
  /AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|soat|oas|sa)[-_]|xox[abeoprs]-|xapp-|hooks\.slack|\/webhooks\/|k_live_|whsec_|npm_[A-Za-z0-9]{30}|pypi-AgE|rubygems_|AIza|GOCSPX-|ya29\.|T3BlbkFJ|sk-ant-|hf_[A-Za-z]{30}|SG\.|_v1_|dckr_|dapi[0-9a-f]{30}|hv[sb]\.|shp[acps]{2}_|:AA|ATATT3|AGE-SECRET|AccountKey=|eyJ|PRIVATE KEY/;

/** `scheme://user:password@host` */
const URL = /:\/\/([^\s/:@"'$<>{}]*):([^\s/@"'$<>{}]{4,})@([\w.-]+)/g;
/** `Authorization: Basic …`, and the other schemes that carry the secret itself. */
const HEADER = /authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+([A-Za-z0-9+/_.=-]{12,})/gi;
/** The secret half of an AWS key has no shape of its own: forty characters behind its name. */
const AWS_SECRET =
  /aws[\w.-]{0,12}secret[\w.-]{0,20}["']?(?:\s*[=:]\s*|\s+)["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
/** `//registry.example.org/:_authToken=…` */
const NPM_AUTH = /:_(?:authToken|password|auth)["']?\s*[= ]\s*["']?([A-Za-z0-9+/_.=-]{16,})/g;

export function secretsIn(text: string): readonly Secret[] {
  const found: Secret[] = [];
  const add = (kind: string, start: number, value: string): void => {
    if (!found.some((other) => start < other.end && other.start < start + value.length))
      found.push({ kind, start, end: start + value.length });
  };
  if (HINT.test(text))
    for (const match of text.matchAll(SHAPE)) {
      const kind = SHAPES[match.slice(1).findIndex((group) => group !== undefined)]?.[0] ?? "a token";
      if (!isPlaceholder(match[0]) && !isPublic(match[0])) add(kind, match.index, match[0]);
    }
  if (text.includes("@"))
    for (const match of text.matchAll(URL)) {
      const [all, user = "", password = "", host = ""] = match;
      if (isRandom(password) && password !== user && !isExampleHost(host))
        add("a password in a URL", match.index + all.length - host.length - 1 - password.length, password);
    }
  addBehind(text, /authorization/i, HEADER, "the secret of an Authorization header", add);
  addBehind(text, /aws/i, AWS_SECRET, "an AWS secret key", add);
  addBehind(text, /:_(?:auth|password)/, NPM_AUTH, "a registry's token", add);
  return found.sort((a, b) => a.start - b.start);
}

function addBehind(
  text: string,
  hint: RegExp,
  pattern: RegExp,
  kind: string,
  add: (kind: string, start: number, value: string) => void,
): void {
  if (!hint.test(text)) return;
  for (const match of text.matchAll(pattern)) {
    const [all, value = ""] = match;
    if (isRandom(value)) add(kind, match.index + all.length - value.length, value);
  }
}

const PLACEHOLDER =
  /example|change[_-]?me|placeholder|your[_-]|my[_-]|dummy|fake|sample|redacted|replace|insert|todo|foobar|x{4,}|\*{3}|\.{3}|0{6}|1{6}|a{6}|12345678|abcdefgh|deadbeef|password|passwd|secret|supersecret|changeit/i;

/** Somebody meant it as a stand-in. */
const isPlaceholder = (value: string): boolean =>
  PLACEHOLDER.test(value.replace("AGE-SECRET-KEY", "")) || entropy(value) < 2.5;

/** Long enough, of more than one kind of character, and none repeated too often to have been made up by a person. */
export function isRandom(value: string): boolean {
  if (value.length < 8 || isPlaceholder(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return kinds > 1 && /\d|[A-Z].*[A-Z]/.test(value) && entropy(value) >= (value.length < 12 ? 2.7 : 3);
}

/** Bits a character (Shannon). */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

const isExampleHost = (host: string): boolean =>
  /^(?:localhost|127\.|0\.0\.0\.0|host\b)|example\.(?:com|org|net)$|\.test$/i.test(host);

/** Tokens that are meant to be seen: Supabase's `anon` role, and the demonstration token of jwt.io. */
function isPublic(token: string): boolean {
  if (!token.startsWith("eyJ")) return false;
  const payload = decoded(token.split(".")[1] ?? "");
  return /"role":\s*"anon"|supabase-demo|"sub":\s*"1234567890"/.test(payload);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url, the bytes as Latin letters. */
function decoded(text: string): string {
  let out = "";
  let bits = 0;
  let held = 0;
  for (const character of text) {
    held = ((held << 6) | Math.max(0, ALPHABET.indexOf(character))) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += String.fromCharCode((held >> bits) & 0xff);
  }
  return out;
}
