/** What packages of distributions are for: by their names, as Debian, Alpine and Fedora give them. */

export type Purpose =
  /** Compilers, headers, build systems: what runs needs none of them. */
  | "build"
  /** Shared libraries and data that programs load. */
  | "run"
  /** Programs that builds use and that a service may start as well. */
  | "both"
  | "unknown";

const set = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/));

const BUILD = set(`
  build-essential build-base base-devel gcc g++ cc c++ clang clang-tools llvm lld make cmake ninja-build ninja samurai meson autoconf automake libtool
  libtool-bin pkg-config pkgconf pkgconfig bison flex gettext-dev nasm yasm gfortran gcc-c++ gcc-gfortran binutils musl-dev libc-dev libc6-dev
  linux-headers linux-headers-generic kernel-headers kernel-devel glibc-devel libstdc++-devel python3-dev python-dev python3-devel ruby-dev ruby-devel php-dev
  golang golang-go go cargo rustc rust default-jdk default-jdk-headless maven gradle ant git git-core mercurial subversion patch patchutils
  dpkg-dev debhelper devscripts fakeroot rpm-build abuild alpine-sdk m4 re2c swig protobuf-compiler protoc cython3 node-gyp ccache
  python3-setuptools py3-setuptools python3-wheel py3-wheel python3-distutils autoconf-archive intltool ragel gperf upx upx-ucl patchelf musl-tools mold lld clang-format
`);

const RUN = set(`
  ca-certificates tzdata libgomp1 libgomp libstdc++ libstdc++6 libgcc libgcc-s1 libgl1 libgl1-mesa-glx libglib2.0-0 libgdiplus icu-libs icu-data-full ffmpeg imagemagick graphicsmagick
  ghostscript poppler-utils tesseract-ocr wkhtmltopdf fontconfig graphviz libreoffice chromium chromium-browser firefox-esr nginx apache2 supervisor
  dumb-init tini gosu su-exec postgresql-client mysql-client mariadb-client default-mysql-client redis-tools redis sqlite musl-locales locales
  openjdk-jre default-jre default-jre-headless libjemalloc2 jemalloc gcompat libc6-compat cron logrotate media-types mime-support
  shared-mime-info nss-tools tini-static s6 runit haproxy varnish memcached python3-minimal busybox
`);

const BOTH = set(`
  curl wget bash openssl gnupg gnupg2 gnupg-agent dirmngr unzip zip tar gzip bzip2 xz-utils xz zstd jq sed gawk grep findutils coreutils procps procps-ng
  lsb-release software-properties-common apt-transport-https apt-utils sudo file less vim nano openssh-client openssh rsync netcat
  netcat-openbsd net-tools iproute2 iputils-ping dnsutils bind-tools util-linux shadow python3 python python3-pip py3-pip python3-venv nodejs
  npm yarn ruby perl php locales-all which diffutils xmlstarlet gettext gettext-base
`);

/** A package's name without version and architecture. */
export function purposeOf(name: string): Purpose {
  const plain = name.replace(/:.*$/, "").replace(/^@/, "").toLowerCase();
  if (plain === "*" || plain.startsWith(".")) return "unknown";
  if (BUILD.has(plain) || BUILD_PATTERN.test(plain)) return "build";
  if (RUN.has(plain) || RUN_PATTERN.test(plain)) return "run";
  return BOTH.has(plain) ? "both" : "unknown";
}

/** Headers and static libraries; compilers with their version; JDKs. */
const BUILD_PATTERN =
  /(?:-dev|-devel|-headers|-static)$|^development[ -]tools$|^(?:gcc|g\+\+|clang|llvm|cpp|gfortran|golang|rustc|cargo|autoconf|automake|binutils)-?\d|^openjdk-?\d+(?:-jdk.*)?$|^java-[\d.]+-.*-devel$|^linux-headers-/;
/** Shared libraries (`libpq5`, `libssl3t64`), fonts, JREs, locales. */
const RUN_PATTERN =
  /^lib[\w.+-]*?\d[\w.]*$|^(?:fonts|ttf|font)-|-(?:libs|libs-minimal|runtime|client|fonts)$|-jre(?:-headless|-base)?$|^lib\w+$/;
