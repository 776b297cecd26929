/** Calls of curl and wget: what they fetch, and where they put it. */
import { perDocument } from "./memo.ts";
import type { Dockerfile } from "./model.ts";
import { type CallArguments, type OptionSyntax, readOptions } from "./options.ts";
import { type Program, programsCalled } from "./programs.ts";
import { expandIn } from "./scope.ts";
import type { ShellWord } from "./shell.ts";

/** The options of curl(1) that take a value. */
const CURL: OptionSyntax = {
  short: "AbcCdDeEFHKmoPQrtTuUwxXyYz",
  long: new Set(
    (
      "abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at " +
      "cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode delegation dns-interface " +
      "dns-ipv4-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout form form-string " +
      "ftp-account ftp-method ftp-port happy-eyeballs-timeout-ms header hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway " +
      "json keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port login-options max-filesize max-redirs " +
      "max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default " +
      "proto-redir proxy proxy-cacert proxy-cert proxy-header proxy-key proxy-user proxy1.0 quote random-file range rate referer " +
      "request request-target resolve retry retry-delay retry-max-time service-name socks4 socks4a socks5 socks5-hostname " +
      "speed-limit speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlspassword tlsuser trace " +
      "trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable vlan-priority write-out"
    )
      .split(" ")
      .map((name) => `--${name}`),
  ),
};

/** The options of wget(1) that take a value. */
const WGET: OptionSyntax = {
  short: "oaeiBtOTwQPUlARDIX",
  twoLetters: "n",
  long: new Set(
    (
      "output-file append-output execute input-file base config rejected-log bind-address tries output-document start-pos progress " +
      "timeout dns-timeout connect-timeout read-timeout limit-rate wait waitretry quota user password use-askpass prefer-family " +
      "local-encoding remote-encoding restrict-file-names cut-dirs directory-prefix protocol-directories default-page header " +
      "max-redirect proxy-user proxy-password http-user http-password http-passwd referer user-agent load-cookies save-cookies " +
      "post-data post-file method body-data body-file secure-protocol certificate certificate-type private-key private-key-type " +
      "ca-certificate ca-directory crl-file pinnedpubkey ciphers ftp-user ftp-password level accept reject accept-regex " +
      "reject-regex regex-type domains exclude-domains follow-tags ignore-tags include-directories exclude-directories " +
      "retry-on-http-error report-speed hsts-file compression backups warc-file warc-header warc-max-size"
    )
      .split(" ")
      .map((name) => `--${name}`),
  ),
};

export interface Download extends Program {
  readonly tool: "curl" | "wget";
  readonly options: CallArguments["options"];
  /** What is fetched, with known variables put in. */
  readonly urls: readonly Fetched[];
  /** The file the first one goes to, with known variables put in; undefined when that is the standard output. */
  readonly file: string | undefined;
}

export interface Fetched {
  readonly url: string;
  readonly word: ShellWord;
}

/** The calls of curl and wget in the file's RUN instructions. */
export const downloadsOf = perDocument((dockerfile): readonly Download[] =>
  (["curl", "wget"] as const)
    .flatMap((tool) => programsCalled(dockerfile, tool).map((program) => downloadOf(dockerfile, tool, program)))
    .sort((a, b) => a.command.span.start - b.command.span.start)
    // What stands in the script of a `sh -c "$(…)"` is found from outside and from inside.
    .filter(({ command }, at, all) => command.span.start !== all[at - 1]?.command.span.start),
);

function downloadOf(dockerfile: Dockerfile, tool: Download["tool"], program: Program): Download {
  const { options, operands } = readOptions(program.command, tool === "curl" ? CURL : WGET);
  const given = options.flatMap(({ name, value, valueWord, word }) =>
    name === "--url" && value !== undefined ? [{ value, word: valueWord ?? word }] : [],
  );
  const urls = [...operands.map((word) => ({ value: word.value, word })), ...given].map(({ value, word }) => ({
    url: expandIn(dockerfile, program.instruction, value).text,
    word,
  }));
  const download = { ...program, tool, options, urls, file: undefined };
  return { ...download, file: fileOf(dockerfile, download, urls[0]?.url) };
}

/** The file that one of its URLs goes to. */
export function fileOf(dockerfile: Dockerfile, download: Download, url: string | undefined): string | undefined {
  const file = writtenFile(download.tool, download.options, url);
  return file === undefined ? undefined : expandIn(dockerfile, download.instruction, file).text;
}

function writtenFile(
  tool: Download["tool"],
  options: Download["options"],
  url: string | undefined,
): string | undefined {
  const valueOf = (...names: readonly string[]): string | undefined =>
    options.findLast(({ name }) => names.includes(name))?.value;
  const named = tool === "curl" ? valueOf("-o", "--output") : valueOf("-O", "--output-document");
  if (named !== undefined) return named === "-" || named === "/dev/stdout" ? undefined : named;
  const folder = tool === "curl" ? valueOf("--output-dir") : valueOf("-P", "--directory-prefix");
  const remote = tool === "wget" || options.some(({ name }) => name === "-O" || name.startsWith("--remote-name"));
  if (!remote) return undefined;
  const base = nameIn(url ?? "");
  return folder === undefined ? base : `${folder.replace(/\/$/, "")}/${base}`;
}

/** The last part of a URL's path. */
export const nameIn = (url: string): string => {
  // `${VERSION#v}` has a # of its own.
  const path = !/[?#]/.test(url) ? url : url.replace(/^((?:\$\{[^}]*\}|[^?#])*)[?#].*$/s, "$1");
  return path.slice(path.lastIndexOf("/") + 1);
};
