#!/bin/bash
# distroless.sh LIBSSL: three trees, /static, what /base has more, what /cc has more.
set -euo pipefail
files_of() { dpkg -L "$@" | grep -vE '^/usr/share/(doc|man|lintian|locale|info)' | while read -r file; do
  if [ -f "$file" ] || [ -L "$file" ]; then echo "$file"; fi
done; }
mkdir -p /static/{etc,tmp,root,home/nonroot,usr/lib,usr/bin,usr/sbin,var} /base /cc
for folder in lib bin sbin; do ln -s "usr/$folder" "/static/$folder"; done
if [ -L /lib64 ]; then mkdir -p /static/usr/lib64 && ln -s usr/lib64 /static/lib64; fi
chmod 1777 /static/tmp && chmod 700 /static/root && chown 65532:65532 /static/home/nonroot
printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin \
  nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >/static/etc/passwd
printf '%s\n' root:x:0: nobody:x:65534: tty:x:5: staff:x:50: nonroot:x:65532: >/static/etc/group
cp /etc/os-release /etc/debian_version /static/etc/
files_of tzdata netbase | xargs cp --parents -a -t /static
mkdir -p /static/etc/ssl/certs && cp /etc/ssl/certs/ca-certificates.crt /static/etc/ssl/certs/
# Through /usr, where the links of / lead to.
copy() { files_of "${@:2}" | sed -E 's#^/(lib|lib64|bin|sbin)/#/usr/\1/#' | sort -u | xargs cp --parents -a -t "$1"; }
copy /base libc6 "$1"
copy /cc libgcc-s1 libstdc++6 libgomp1
