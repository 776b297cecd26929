/** Names of files that hold secrets by their nature, and how their content tells. */

export interface SecretFile {
  /** For messages: `a private key`. */
  readonly what: string;
  /** What the content has to be like; a file without it is no secret. Absent: the name says it all. */
  isSecret?(content: string): boolean;
  /** What the name alone is worth, where the content is not known. */
  readonly name: "decides" | "suggests" | "says nothing";
}

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File/m;
const NPM_TOKEN = /_(?:authToken|auth|password)\s*=\s*"?(?!\$\{)[^\s"]{8,}/;
const YARN_TOKEN = /npmAuthToken\s*:\s*["']?(?!\$\{)[^\s"']{8,}/;

const SETTING = /^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*["']?([^\s"'#]+)/gm;
const SECRET_NAME =
  /(?:^|_)(?:PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|APIKEY|(?:API|ACCESS|PRIVATE|SECRET|ENCRYPTION|SIGNING|APP)_KEY|CREDENTIALS?)(?:_|$)/i;
/** What frameworks put into the page for everybody, and what is about a secret without being one. */
const PUBLIC_NAME =
  /^(?:VITE|REACT_APP|GATSBY|VUE_APP)_|PUBLIC|PUBLISHABLE|_(?:FILE|PATH|URL|TTL|EXPIR\w*|LIFETIME|LENGTH|NAME|ID|HEADER|ENABLED)$/i;
const PLACEHOLDER =
  /^(?:\$|<|\{\{|your|change|xxx|example|todo|secret$|password$|null$|none$|true$|false$|test|dummy|\*)/i;
const URL_WITH_PASSWORD = /:\/\/[^/\s:@]+:(?!\$)[^/\s:@]{3,}@(?!localhost|127\.)/;

/** A setting whose name says secret, with a value that is neither empty nor a placeholder. */
function hasSecretSetting(content: string): boolean {
  for (const [, name = "", value = ""] of content.matchAll(SETTING)) {
    if (URL_WITH_PASSWORD.test(value)) return true;
    if (value.length > 3 && SECRET_NAME.test(name) && !PUBLIC_NAME.test(name) && !PLACEHOLDER.test(value)) return true;
  }
  return false;
}

const named = (what: string): SecretFile => ({ what, name: "decides" });
const told = (what: string, content: RegExp, name: SecretFile["name"] = "says nothing"): SecretFile => ({
  what,
  name,
  isSecret: (text) => content.test(text),
});

/** By the end of the path, the first that fits. */
const ROWS: readonly (readonly [RegExp, SecretFile | undefined])[] = [
  // Templates and public halves.
  [/\.(?:example|sample|template|tmpl|tpl|dist|defaults?|pub|crt|cer|csr|asc|gpg|enc|age|sops)$/i, undefined],
  [/(?:^|\/)\.env\.(?:example|sample|template|dist|defaults?|schema|ci|test|testing)(?:\.|$)/i, undefined],
  [
    /(?:^|\/)(?:ca|ca-?certs?|cacert|certs?|chain|fullchain|cert|public|pubkey|.*[._-](?:cert|ca|chain|public|pub))\.pem$/i,
    undefined,
  ],
  [
    /(?:^|\/)[^/]*(?:trust|cacert|public|apt|gpg|keyring|archive|release|signing)[^/]*\.(?:key|jks|p12|pfx|keystore)$/i,
    undefined,
  ],
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/, told("a private SSH key", PRIVATE_KEY, "decides")],
  [/(?:^|\/)\.ssh\/?$/, named("SSH keys")],
  [
    /(?:^|\/)\.env(?:\.(?:local|prod(?:uction)?|dev(?:elopment)?|staging|[\w-]+\.local))?$/,
    { what: "settings with secrets", isSecret: hasSecretSetting, name: "suggests" },
  ],
  [/(?:^|\/)\.aws\/?$|(?:^|\/)\.aws\/credentials$/, named("AWS credentials")],
  [
    /(?:^|\/)\.kube\/(?:config)?$|(?:^|\/)\.kube$|(?:^|\/)kubeconfig(?:\.ya?ml)?$/,
    named("credentials of a Kubernetes cluster"),
  ],
  [
    /(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$/,
    told("logins to registries", /"auth"\s*:\s*"[^"]+"|"identitytoken"/, "decides"),
  ],
  [/(?:^|\/)(?:\.netrc|_netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.vault-token)$/, named("stored passwords")],
  [/(?:^|\/)\.config\/gcloud\/?$|(?:^|\/)application_default_credentials\.json$/, named("Google Cloud credentials")],
  [/(?:^|\/)[^/]*service[-_]?account[^/]*\.json$/i, told("the key of a service account", /"private_key"\s*:/)],
  [/(?:^|\/)(?:\.npmrc|\.yarnrc)$/, told("a registry token", NPM_TOKEN)],
  [/(?:^|\/)\.yarnrc\.yml$/, told("a registry token", YARN_TOKEN)],
  [/(?:^|\/)\.pypirc$/, told("a password for a package index", /^\s*password\s*[=:]\s*\S{4,}/m)],
  [
    /(?:^|\/)(?:privkey|private|private[-_.]key|server[-_.]key|.*[-_.](?:key|privkey|private))\.pem$/i,
    told("a private key", PRIVATE_KEY, "decides"),
  ],
  [/\.(?:pem|ppk)$/i, told("a private key", PRIVATE_KEY)],
  [
    /(?:^|\/)(?:server|tls|ssl|private|privkey|client|domain|host|site|nginx|cert|master)\.key$/i,
    told("a private key", /PRIVATE KEY|^[0-9a-f]{32}\s*$/, "decides"),
  ],
  [/\.key$/i, told("a private key", PRIVATE_KEY)],
  [/\.(?:p12|pfx|kdbx)$/i, named("a store of private keys")],
  [/\.tfstate(?:\.backup)?$/, named("Terraform's state with its secrets")],
];

/** What any row says something of: most paths are of none, and need not be held against each. */
const ANY = new RegExp(ROWS.map(([name]) => `(?:${name.source})`).join("|"), "i");

/** What a path holds by its name; undefined when nothing says that it is secret. */
export const secretFileNamed = (path: string): SecretFile | undefined =>
  ANY.test(path) ? ROWS.find(([name]) => name.test(path))?.[1] : undefined;

/** Folders whose keys are made for tests and documents. */
export const isForTests = (path: string): boolean =>
  /(?:^|\/)(?:tests?|testdata|__tests__|specs?|e2e|fixtures?|mocks?|examples?|samples?|demos?|docs?|vendor|third_party|node_modules|site-packages)\//i.test(
    path,
  );
