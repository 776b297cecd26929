/** Names of files that hold secrets by their nature, and how their content tells. */

export interface SecretFile {
  /** For messages: `a private key`. */
  readonly what: string;
  /**
   * What the content has to have; a file without it is no secret. Absent: the name says it all.
   * `nameDecides`: report even when the content is not known.
   */
  readonly content?: RegExp;
  readonly nameDecides: boolean;
}

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File/m;
/** A name that says secret, and a value that is neither empty, a variable nor a placeholder. */
const SECRET_SETTING =
  /^\s*(?:export\s+)?\w*(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|DATABASE_URL|_DSN)\w*\s*=\s*["']?(?!\$|<|\{\{|your|change|xxx|example|todo|secret\b|password\b|null|true|false)[^\s"'#]{4,}/im;
const NPM_TOKEN = /_(?:authToken|auth|password)\s*=\s*"?(?!\$\{)[^\s"]{8,}/;

const named = (what: string): SecretFile => ({ what, nameDecides: true });
const told = (what: string, content: RegExp, nameDecides = false): SecretFile => ({ what, content, nameDecides });

/** By the end of the path, the first that fits. */
const ROWS: readonly (readonly [RegExp, SecretFile | undefined])[] = [
  // Templates and public halves.
  [/\.(?:example|sample|template|tmpl|tpl|dist|defaults?|pub|crt|cer|csr|asc|gpg|enc|age|sops)$/i, undefined],
  [/(?:^|\/)\.env\.(?:example|sample|template|dist|defaults?|schema|ci|test|testing)(?:\.|$)/i, undefined],
  [/(?:^|\/)(?:ca|ca-?certs?|cacert|certs?|chain|fullchain|cert|public|pubkey|.*[._-](?:cert|ca|chain|public|pub))\.pem$/i, undefined],
  [/(?:^|\/)[^/]*(?:trust|cacert|public|apt|gpg|keyring|archive|release|signing)[^/]*\.(?:key|jks|p12|pfx|keystore)$/i, undefined],
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/, told("a private SSH key", PRIVATE_KEY, true)],
  [/(?:^|\/)\.ssh\/?$/, named("SSH keys")],
  [/(?:^|\/)\.env(?:\.(?:local|prod(?:uction)?|dev(?:elopment)?|staging|[\w-]+\.local))?$/, told("environment settings with secrets", SECRET_SETTING)],
  [/(?:^|\/)\.aws\/?$|(?:^|\/)\.aws\/credentials$/, named("AWS credentials")],
  [/(?:^|\/)\.kube\/(?:config)?$|(?:^|\/)\.kube$|(?:^|\/)kubeconfig(?:\.ya?ml)?$/, named("credentials of a Kubernetes cluster")],
  [/(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$/, told("logins to registries", /"auth"\s*:\s*"[^"]+"|"identitytoken"/, true)],
  [/(?:^|\/)(?:\.netrc|_netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.vault-token)$/, named("stored passwords")],
  [/(?:^|\/)\.config\/gcloud\/?$|(?:^|\/)application_default_credentials\.json$/, named("Google Cloud credentials")],
  [/(?:^|\/)[^/]*service[-_]?account[^/]*\.json$/i, told("the key of a service account", /"private_key"\s*:/)],
  [/(?:^|\/)(?:\.npmrc|\.yarnrc)$/, told("a registry token", NPM_TOKEN)],
  [/(?:^|\/)\.yarnrc\.yml$/, told("a registry token", /npmAuthToken\s*:\s*"?(?!\$\{)[^\s"]{8,}/)],
  [/(?:^|\/)\.pypirc$/, told("a password for a package index", /^\s*password\s*[=:]\s*\S{4,}/m)],
  [/(?:^|\/)(?:privkey|private|private[-_.]key|server[-_.]key|.*[-_.](?:key|privkey|private))\.pem$/i, told("a private key", PRIVATE_KEY, true)],
  [/\.(?:pem|ppk)$/i, told("a private key", PRIVATE_KEY)],
  [/(?:^|\/)(?:server|tls|ssl|private|privkey|client|domain|host|site|nginx|cert|master)\.key$/i, told("a private key", /PRIVATE KEY|^[0-9a-f]{32}\s*$/, true)],
  [/\.key$/i, told("a private key", PRIVATE_KEY)],
  [/\.(?:p12|pfx|kdbx)$/i, named("a store of private keys")],
  [/\.tfstate(?:\.backup)?$/, named("Terraform's state, which holds every secret in plain text")],
];

/** What a path holds by its name; undefined when nothing says that it is secret. */
export const secretFileNamed = (path: string): SecretFile | undefined => ROWS.find(([name]) => name.test(path))?.[1];

/** Folders whose keys are made for tests and documents. */
export const isForTests = (path: string): boolean =>
  /(?:^|\/)(?:tests?|testdata|__tests__|specs?|e2e|fixtures?|mocks?|examples?|samples?|demos?|docs?|vendor|third_party|node_modules|site-packages)\//i.test(
    path,
  );
