/** Which names of variables say that there is a secret in them, and which values show that there is none. */

/** BuildKit's words, and the ones hadolint and Trivy add that mean nothing else. */
const SECRET =
  /(?:^|_)(?:apikey|auth|credentials?|key|passphrase|passwd|password|psw|pword|secret|token|accesskey|secretkey|privatekey)(?:_|$)|_(?:pass|pwd|usr)$/i;
/** BuildKit's exceptions, then endings that say where or what kind, not which. */
const NO_SECRET =
  /(?:^|_)(?:public|file|version)(?:_|$)|_(?:path|dir|directory|url|uri|host|port|type|size|length|algorithm|algo|provider|enabled|server|servers|keyring|fingerprint)$/i;

/** A switch of apt-key, set in many images, that has a key in its name only. */
const APT_KEY_SWITCH = "APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE";

export const isSecretName = (name: string): boolean =>
  SECRET.test(name) && !NO_SECRET.test(name) && name !== APT_KEY_SWITCH;

/** What BuildKit's SecretsUsedInArgOrEnv goes by (validateNoSecretKey in dockerfile2llb/convert.go): the name alone. */
export const isSecretToBuildKit = (name: string): boolean =>
  /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i.test(name) &&
  !/(?:^|_)(?:public|file|version)(?:_|$)/i.test(name);

const SWITCH = /^(?:true|false|yes|no|on|off|none|0|1)$/i;
const PATH = /^(?:\.{0,2}|~|[A-Za-z]:)[/\\](?:[\w.@-]+[/\\])*[\w.@-]*\.?[\w-]*$/;
const URL_WITHOUT_USER = /^[a-z][a-z0-9+.-]*:\/\/[^@\s]*$/i;
/** Fingerprints of OpenPGP keys, which are public: 40 hexadecimal digits, or the last ones of them. */
const FINGERPRINTS = /^(?:0x)?[0-9a-f]{8,40}(?:\s+(?:0x)?[0-9a-f]{8,40})*$/i;
const NAMES_A_PUBLIC_KEY = /(?:^|_)(?:gpg|pgp|release|signing)(?:_|$)/i;
const OWN_KEY = /api|access|secret|private|encrypt|token|passw/i;

/** What a value is that cannot be a secret. Undefined without one, or where it is empty: somebody will give one. */
export function harmlessKind(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (SWITCH.test(value)) return "a switch";
  if (URL_WITHOUT_USER.test(value)) return "a URL";
  if (NAMES_A_PUBLIC_KEY.test(name) && FINGERPRINTS.test(value)) return "a fingerprint";
  if (/_keys?$/i.test(name) && /^[0-9A-F]{40}$/.test(value) && !OWN_KEY.test(name)) return "a fingerprint";
  return PATH.test(value) && (/^[./~]/.test(value) ? value.split("/").length > 2 || /\.\w+$/.test(value) : true)
    ? "a path"
    : undefined;
}

/** Written as one word: `PGPASSWORD`, `clientSecret`. */
const RUN_TOGETHER = /[a-z](?:password|passwd|secret|apikey|accesstoken|authtoken)$/i;

/** Last words of names that are about a secret without being one: what kind, whose, how long. */
const ABOUT =
  "methods? mode ttl id name names user username header prefix expir\\w* lifetime timeout rotation policy plugin format class " +
  "alias field column claim count limit scopes? audience issuer roles? converter serializer deserializer generator factory " +
  "loader store strategy backend domain";
const ABOUT_SECRET = new RegExp(`_(?:${ABOUT.replaceAll(" ", "|")})$`, "i");
/** Numbers, and stand-ins that nobody takes for a value. */
const NO_VALUE =
  /^(?:\d{1,5}|trust|md5|scram-sha-256|plain|basic|bearer|oauth2?|jwt|null|undefined|<.*>|\[.*\])$|\{\{/i;
/** `org.apache.kafka.connect.json.JsonConverter` */
const CLASS_NAME = /^(?:[a-z]\w*\.){2,}\w+$/;

/** The variables of a service: there are more of them than of an image, and many are about secrets without being any. */
export const isSecretVariable = (name: string): boolean =>
  (isSecretName(name) || RUN_TOGETHER.test(name)) && !ABOUT_SECRET.test(name);

export const cannotBeSecret = (name: string, value: string): boolean =>
  harmlessKind(name, value) !== undefined || NO_VALUE.test(value) || CLASS_NAME.test(value);
