/** Base images under the names people use, made from Debian packages: no registry that has the real ones can be reached. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackages } from "../../scripts/setup/debian.ts";
import { type Machine, mustDocker } from "./machine.ts";

/** What useradd, groupadd and bash of Debian need to run. */
const DEBIAN = [
  ...["bash", "passwd", "login", "libc6", "libtinfo6", "libaudit1", "libcap-ng0", "libcrypt1", "libpam0g"],
  ...["libselinux1", "libpcre2-8-0", "libsemanage2", "libsepol2", "libbz2-1.0"],
];

/** What bases begin with. */
export const BUSYBOX = `FROM scratch AS busybox
COPY --from=busybox-files bin/busybox /bin/busybox
RUN ["/bin/busybox", "mkdir", "-p", "/sbin", "/usr/bin", "/usr/sbin", "/tmp", "/etc", "/root"]
RUN ["/bin/busybox", "--install", "-s"]
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY etc/ /etc/
CMD ["/bin/sh"]
`;

const ALPINE = `${BUSYBOX}
FROM busybox
COPY alpine/ /usr/sbin/
`;

const DEBIAN_BASE = `${BUSYBOX}
FROM busybox
COPY --from=debian-files . /
`;

const ETC = {
  passwd: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
  group: "root:x:0:root\nnobody:x:65534:\n",
  "login.defs": "UID_MIN 1000\nUID_MAX 60000\nSYS_UID_MIN 101\nSYS_UID_MAX 999\nGID_MIN 1000\nGID_MAX 60000\n",
};

/**
 * Debian builds BusyBox without these two. They take the options of BusyBox' own, no others, and write the same lines
 * into /etc/passwd and /etc/group.
 */
const ADDGROUP = `#!/bin/sh
set -eu
gid=
while getopts Sg: option; do
  case $option in
    S) ;;
    g) gid=$OPTARG ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 1 ] || { echo "addgroup: one name" >&2; exit 1; }
if grep -q "^$1:" /etc/group; then echo "addgroup: group '$1' in use" >&2; exit 1; fi
if grep -q "^[^:]*:[^:]*:$gid:" /etc/group; then echo "addgroup: gid '$gid' in use" >&2; exit 1; fi
echo "$1:x:$gid:" >>/etc/group
`;

const ADDUSER = `#!/bin/sh
set -eu
uid= group= home= shell=/sbin/nologin gecos=
while getopts h:g:s:G:SDHu:k: option; do
  case $option in
    h) home=$OPTARG ;;
    g) gecos=$OPTARG ;;
    s) shell=$OPTARG ;;
    G) group=$OPTARG ;;
    u) uid=$OPTARG ;;
    S | D | H | k) ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 1 ] || { echo "adduser: one name" >&2; exit 1; }
if grep -q "^$1:" /etc/passwd; then echo "adduser: user '$1' in use" >&2; exit 1; fi
gid=$(grep "^$group:" /etc/group | cut -d: -f3)
[ -n "$gid" ] || { echo "adduser: unknown group $group" >&2; exit 1; }
echo "$1:x:$uid:$gid:$gecos:\${home:-/home/$1}:$shell" >>/etc/passwd
`;

/** Pushes `library/alpine:3.22` and `library/debian:13`. */
export async function pushBaseImages(machine: Machine): Promise<void> {
  const debian = await debianPackages(DEBIAN);
  const context = await machine.folder("bases");
  await mkdir(join(context, "alpine"));
  for (const [name, text] of [
    ["addgroup", ADDGROUP],
    ["adduser", ADDUSER],
  ] as const)
    await writeFile(join(context, "alpine", name), text, { mode: 0o755 });
  await pushImages(machine, context, {
    contexts: { "debian-files": debian },
    dockerfiles: { "library/alpine:3.22": ALPINE, "library/debian:13": DEBIAN_BASE },
  });
}

interface Images {
  /** By repository and tag. */
  readonly dockerfiles: Readonly<Record<string, string>>;
  /** More folders to copy from, by name. */
  readonly contexts: Readonly<Record<string, string>>;
}

/** Builds images in a folder of their own, with what `BUSYBOX` takes beside them, and pushes them. */
export async function pushImages(
  machine: Pick<Machine, "docker"> & { readonly registry: { readonly host: string } },
  context: string,
  { dockerfiles, contexts }: Images,
): Promise<void> {
  const busybox = await debianPackages(["busybox-static"]);
  await mkdir(join(context, "etc"));
  for (const [name, text] of Object.entries(ETC)) await writeFile(join(context, "etc", name), text);
  const named = Object.entries({ ...contexts, "busybox-files": busybox }).flatMap(([name, folder]) => [
    "--build-context",
    `${name}=${folder}`,
  ]);
  const file = join(context, "Dockerfile");
  for (const [image, dockerfile] of Object.entries(dockerfiles)) {
    await writeFile(file, dockerfile);
    // A registry on the same machine: packing takes longer than sending.
    const output = `type=image,name=${machine.registry.host}/${image},push=true,oci-mediatypes=true,compression=uncompressed`;
    await mustDocker(
      machine,
      ...["buildx", "build", "--network=host", "--provenance=false", ...named],
      ...["--output", output, "--file", file, context],
    );
  }
}
