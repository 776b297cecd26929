/** The distribution: its packages, accounts, certificates and settings. */
import { hasOption } from "../../packages.ts";
import type { System, SystemCall } from "../../system-packages.ts";
import { type Call, has, type Outcome, packageName, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { type Around, patternOf } from "../around.ts";
import { everythingBelow, files, type Place, pathFrom } from "../place.ts";
import { NOTHING, quiet } from "./acts.ts";

/** Where a system keeps its index, its settings and what it has downloaded. */
const FOLDERS: Readonly<Record<System, { readonly index: string; readonly settings: string; readonly cache: string }>> =
  {
    apt: { index: "/var/lib/apt/lists/**", settings: "/etc/apt/**", cache: "/var/cache/apt/**" },
    apk: { index: "/var/cache/apk/**", settings: "/etc/apk/**", cache: "/etc/apk/cache/**" },
    rpm: { index: "/var/cache/dnf/**", settings: "/etc/yum.repos.d/**", cache: "/var/cache/yum/**" },
    zypper: { index: "/var/cache/zypp/**", settings: "/etc/zypp/**", cache: "/var/cache/zypp/packages/**" },
  };

/** What a call of the distribution's package manager does. */
export function systemOutcome(call: SystemCall, around: Around): Outcome {
  const { index, settings, cache } = FOLDERS[call.system];
  const words = call.packages.flatMap(({ value, literal }) => {
    if (literal) return [value];
    const { text, known } = patternOf(value, around.get);
    return known ? text.split(/\s+/).filter((part) => part !== "") : ["**"];
  });
  const isFile = (word: string): boolean => /^\.{0,2}\//.test(word) || /\.(?:deb|rpm|apk)$/.test(word);
  const named = words
    .filter((word) => !isFile(word))
    .map(
      (word): Place =>
        call.effect === "group"
          ? { kind: "package", manager: call.system, name: word }
          : packagePlace(call.system, word),
    );
  const group =
    call.system === "apk" ? call.options.find(({ name }) => name === "--virtual" || name === "-t")?.value : undefined;
  const installed: readonly Place[] = [
    ...named,
    ...(words.some(isFile) ? [packagePlace(call.system, "**")] : []),
    ...(group === undefined ? [] : [packagePlace(call.system, group)]),
  ];
  const local = words
    .filter((word) => isFile(word) && !word.includes("://"))
    .map((word) => files(pathFrom(around.folder, word)));
  switch (call.effect) {
    case "install":
    case "group":
    case "module":
      return {
        does: "packages",
        reads: [files(index), files(settings), ...local],
        writes: call.system === "apk" && hasOption(call, "--no-cache") ? installed : [...installed, files(cache)],
      };
    case "refresh":
      return { does: "packages", reads: [files(settings)], writes: [files(index), files(cache)] };
    case "upgrade":
      return {
        does: "packages",
        reads: [files(index), files(settings)],
        writes: [packagePlace(call.system, "**"), files(cache)],
      };
    case "remove":
      return { does: "cleanup", reads: [], writes: named.length > 0 ? named : [packagePlace(call.system, "**")] };
    case "clean":
      return { does: "cleanup", reads: [], writes: [files(index), files(cache)] };
    case "other":
      return /^(?:list|search|info|show|policy|repolist|repoquery|check|version|moo|audit|stats|depends|rdepends|dot)$/.test(
        call.action.value,
      )
        ? { does: "nothing", reads: [], writes: [] }
        : { does: "files", reads: [files(settings)], writes: [files(settings)] };
  }
}

const packagePlace = (manager: System, name: string): Place => ({
  kind: "package",
  manager,
  name: packageName(
    manager === "apt"
      ? name.replace(/\/.*$/, "").replace(/(.)[+-]$/, (all, before: string) => (/[+]/.test(before) ? all : before))
      : name,
  ),
});

const ACCOUNTS = "/etc/passwd /etc/group /etc/shadow";

/** The last word is the account; a home folder is made unless it says no. */
function addUser(call: Call): Outcome {
  const name = call.operands.at(-1)?.value;
  if (name === undefined) return quiet;
  const toGroup = call.program === "adduser" || call.program === "addgroup" ? call.operands.length > 1 : false;
  const busyboxGroup = valueOf(call, "-G", "-g", "--ingroup", "--gid", "--groups");
  const groups = (busyboxGroup ?? "").split(",").filter((group) => /^[A-Za-z_]/.test(group) && group !== "root");
  const own: readonly Place[] = (toGroup ? call.operands.slice(-2).map(({ value }) => value) : [name]).map((each) => ({
    kind: "account",
    name: each,
  }));
  const home = valueOf(call, "-d", "--home-dir", "--home", "-h");
  const none = has(call, "-M", "--no-create-home", "-H") || /group/.test(call.program);
  const makes = call.program === "useradd" ? has(call, "-m", "--create-home") : !toGroup;
  const folder = home !== undefined ? pathOf(call, home) : `/home/${name}`;
  return {
    does: "accounts",
    reads: groups.map((group) => ({ kind: "account", name: group })),
    writes: [
      ...own,
      ...(placesOf(call, ACCOUNTS) as readonly Place[]),
      ...(none || !makes ? [] : [files(everythingBelow(folder))]),
    ],
  };
}

const changeAccount = (call: Call): Outcome => ({
  does: "accounts",
  reads: call.operands.slice(-1).map(({ value }) => ({ kind: "account", name: value })),
  writes: [
    ...call.operands.slice(-1).map(({ value }): Place => ({ kind: "account", name: value })),
    ...(placesOf(call, ACCOUNTS) as readonly Place[]),
  ],
});

export const SYSTEM: readonly Row[] = [
  {
    programs: "useradd",
    syntax: takes(
      "bcdefgGkKpRPsuZ",
      "base-dir comment home-dir expiredate inactive gid groups skel key password root prefix shell uid",
    ),
    acts: { "*": addUser },
  },
  {
    programs: "adduser",
    syntax: takes("hgsGuk", "home shell ingroup uid gid gecos firstuid lastuid conf"),
    acts: { "*": addUser },
  },
  { programs: "groupadd", syntax: takes("gKpRP", "gid key password root prefix"), acts: { "*": addUser } },
  { programs: "addgroup", syntax: takes("g", "gid conf"), acts: { "*": addUser } },
  {
    programs: "usermod groupmod passwd gpasswd deluser delgroup userdel groupdel chage chsh",
    syntax: takes("cdefgGlpsuanL", "comment home expiredate gid groups login password shell uid new-name"),
    acts: { "*": changeAccount, "": changeAccount },
  },
  { programs: "chpasswd newusers", acts: { "": { does: "accounts", writes: ACCOUNTS } } },
  {
    programs: "dpkg",
    syntax: takes("", "root instdir admindir"),
    acts: {
      "": (call) =>
        has(call, "--purge", "-r", "-P", "--remove")
          ? { does: "cleanup", reads: [], writes: [{ kind: "package", manager: "apt", name: "*" }] }
          : has(call, "--configure", "-a", "--add-architecture")
            ? { does: "packages", reads: [], writes: placesOf(call, "/var/lib/dpkg/**") }
            : quiet,
      "*": (call) => {
        if (has(call, "-i", "--install", "--unpack"))
          return {
            does: "packages",
            reads: placesOf(call, "@all"),
            writes: [{ kind: "package", manager: "apt", name: "*" }],
          };
        if (has(call, "-x", "-X", "--extract"))
          return { does: "files", reads: placesOf(call, "@first"), writes: placesOf(call, "@rest/**") };
        if (has(call, "-r", "-P", "--purge", "--remove"))
          return { does: "cleanup", reads: [], writes: placesOf(call, "pkg:apt") };
        return has(call, "--add-architecture", "--configure")
          ? { does: "packages", reads: [], writes: placesOf(call, "/var/lib/dpkg/**") }
          : quiet;
      },
    },
  },
  {
    programs: "rpm",
    acts: {
      "*": (call) =>
        has(call, "-e", "--erase")
          ? { does: "cleanup", reads: [], writes: placesOf(call, "pkg:rpm") }
          : has(call, "-i", "-U", "-F", "--install", "--upgrade")
            ? { does: "packages", reads: [], writes: [{ kind: "package", manager: "rpm", name: "*" }] }
            : has(call, "--import")
              ? { does: "files", reads: [], writes: placesOf(call, "/etc/pki/rpm-gpg/**") }
              : quiet,
      "": NOTHING,
    },
  },
  {
    programs: "xx-apt-get xx-apt xx-apk",
    syntax: takes("oct"),
    acts: {
      "install|add": { does: "packages", reads: "/var/lib/apt/lists/**", writes: "pkg:apt" },
      "*": NOTHING,
      "": NOTHING,
    },
  },
  {
    programs: "dpkg-architecture dpkg-query dpkg-buildflags apt-cache apt-config",
    acts: { "*": NOTHING, "": NOTHING },
  },
  {
    programs: "apt-mark",
    acts: {
      "showmanual|showauto|showhold|showinstall": NOTHING,
      "*": { does: "packages", writes: "/var/lib/apt/extended_states" },
    },
  },
  {
    programs: "add-apt-repository apt-key yum-config-manager dnf-config-manager subscription-manager",
    acts: {
      "*": {
        does: "files",
        reads: "/etc/apt/** /etc/yum.repos.d/**",
        writes: "/etc/apt/** /etc/yum.repos.d/** /usr/share/keyrings/**",
      },
      "": NOTHING,
    },
  },
  {
    programs: "debconf-set-selections",
    acts: {
      "": { does: "files", writes: "/var/cache/debconf/**" },
      "*": { does: "files", reads: "@all", writes: "/var/cache/debconf/**" },
    },
  },
  {
    programs: "dpkg-reconfigure dpkg-divert dpkg-statoverride",
    acts: { "*": { does: "files", reads: "/var/cache/debconf/**", writes: "/etc/** /usr/** /var/lib/dpkg/**" } },
  },
  {
    programs: "update-alternatives alternatives",
    acts: {
      "*": { does: "files", writes: "/etc/alternatives/** /usr/bin/*" },
      "": { does: "files", writes: "/etc/alternatives/** /usr/bin/*" },
    },
  },
  {
    programs: "ldconfig",
    acts: {
      "": {
        does: "files",
        reads: "/etc/ld.so.conf.d/** /lib/** /usr/lib/** /usr/local/lib/**",
        writes: "/etc/ld.so.cache",
      },
      "*": { does: "files", reads: "@all/**", writes: "/etc/ld.so.cache" },
    },
  },
  {
    programs: "update-ca-certificates update-ca-trust",
    acts: {
      "": {
        does: "files",
        reads: "/usr/local/share/ca-certificates/** /etc/pki/ca-trust/source/**",
        writes: "/etc/ssl/certs/** /etc/pki/ca-trust/extracted/**",
      },
      "*": {
        does: "files",
        reads: "/usr/local/share/ca-certificates/** /etc/pki/ca-trust/source/**",
        writes: "/etc/ssl/certs/** /etc/pki/ca-trust/extracted/**",
      },
    },
  },
  {
    programs: "locale-gen localedef update-locale",
    syntax: takes("icfAA"),
    acts: {
      "": {
        does: "files",
        reads: "/etc/locale.gen /usr/share/i18n/**",
        writes: "/usr/lib/locale/** /etc/locale.gen /etc/default/locale",
      },
      "*": {
        does: "files",
        reads: "/etc/locale.gen /usr/share/i18n/**",
        writes: "/usr/lib/locale/** /etc/locale.gen /etc/default/locale",
      },
    },
  },
  {
    programs: "fc-cache mkfontscale mkfontdir",
    acts: {
      "": {
        does: "files",
        reads: "/usr/share/fonts/** ~/.fonts/**",
        writes: "/var/cache/fontconfig/** $XDG_CACHE_HOME/fontconfig/**",
      },
      "*": { does: "files", reads: "@all/**", writes: "/var/cache/fontconfig/**" },
    },
  },
  {
    programs: "systemctl rc-update chkconfig update-rc.d",
    acts: { "*": { does: "files", writes: "/etc/systemd/** /etc/rc*/** /etc/runlevels/**" } },
  },
  { programs: "ssh-keyscan", acts: { "*": NOTHING } },
  {
    programs: "ssh-keygen",
    syntax: takes("tfNbC"),
    acts: {
      "": {
        does: "files",
        writes: (call) => {
          const key = valueOf(call, "-f");
          return key === undefined
            ? placesOf(call, "~/.ssh/*")
            : [files(pathOf(call, key)), files(pathOf(call, `${key}.pub`))];
        },
      },
    },
  },
  {
    programs: "gpg gpg2 gpg1",
    syntax: takes("ou", "output keyserver homedir keyring recv-keys recv-key trusted-key keyserver-options"),
    acts: {
      // Keys go into the home folder of gpg, which GNUPGHOME moves.
      "*": (call) => ({ does: "files", reads: placesOf(call, "@all"), writes: gpgWrites(call) }),
      "": (call) => ({
        does: has(call, "--version") ? "nothing" : "files",
        reads: [],
        writes: has(call, "--version") ? [] : gpgWrites(call),
      }),
    },
  },
  { programs: "gpgconf dirmngr gpg-agent", acts: { "*": NOTHING, "": NOTHING } },
  {
    programs: "eselect emerge pacman",
    acts: { "*": { does: "packages", writes: "/var/lib/** /var/cache/** /usr/**" } },
  },
];

function gpgWrites(call: Call): readonly Place[] {
  const variable = call.around.get("GNUPGHOME");
  const home = valueOf(call, "--homedir") ?? (typeof variable === "string" ? variable : undefined);
  const folder =
    home === undefined
      ? placesOf(call, call.around.sets("GNUPGHOME") ? "/tmp/**" : "~/.gnupg/**")
      : [files(everythingBelow(pathOf(call, home)))];
  const out = placesOf(call, "@-o,--output");
  return [...(folder === "anything" ? [] : folder), ...(out === "anything" ? [] : out)];
}
