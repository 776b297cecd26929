/** Builtins of the shell and programs that leave nothing behind. What `cd`, `export` and `.` change, walk.ts keeps. */
import type { Row } from "../call.ts";
import { NOTHING } from "./acts.ts";

const LEAVE_NOTHING: Row["acts"] = { "*": NOTHING, "": NOTHING };

export const SHELL: readonly Row[] = [
  {
    programs:
      "cd pushd popd export set unset local declare typeset readonly shift return exit break continue true false : umask ulimit trap wait alias unalias read getopts let shopt hash type which times bg fg jobs kill exec command env sudo doas time nohup nice ionice timeout eatmydata builtin",
    acts: LEAVE_NOTHING,
  },
  {
    programs:
      "echo printf pwd nproc uname arch id whoami hostname date sleep seq expr bc dirname basename getconf lsb_release locale tty stty sync yes free df ps pgrep pkill killall uptime env printenv getent shuf random uuidgen nslookup ping ip ifconfig ss netstat host dig lscpu lspci mount umount numfmt tput clear history pkg-config pkgconf mesg logger dmesg sysctl",
    acts: LEAVE_NOTHING,
  },
  { programs: "xx-info xx-verify xx-clang-info dumb-init tini gosu su-exec setpriv", acts: LEAVE_NOTHING },
];
