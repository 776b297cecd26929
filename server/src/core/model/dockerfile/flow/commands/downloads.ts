/** What comes from elsewhere: git, and scripts of installers that are piped to a shell. curl and wget are read by downloads.ts. */
import { type Call, has, type Outcome, pathOf, placesOf, type Row, takes } from "../call.ts";
import { everythingBelow, files, pathFrom } from "../place.ts";
import { NOTHING } from "./acts.ts";

/** The folder a clone makes is called like the repository. */
function clone(call: Call): Outcome {
  const [url, folder] = call.operands;
  if (!url) return { does: "nothing", reads: [], writes: [] };
  const name = url.value
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .replace(/^.*[/:]/s, "");
  const into = folder ? pathOf(call, folder.value) : pathFrom(call.around.folder, name === "" ? "**" : name);
  return { does: "download", reads: [], writes: [files(everythingBelow(into))] };
}

export const DOWNLOADS: readonly Row[] = [
  {
    programs: "git",
    syntax: takes("Cbcjo", "branch depth jobs config origin reference work-tree git-dir shallow-since"),
    folder: "-C",
    acts: {
      "": NOTHING,
      clone,
      "submodule|submodule update|submodule init|fetch|pull|lfs|lfs pull|lfs install|remote|remote add": {
        does: "download",
        reads: ".git/**",
        writes: "./**",
      },
      "checkout|switch|reset|apply|am|clean|restore|cherry-pick|merge|rebase|stash|init|add|commit|tag|sparse-checkout|worktree":
        { does: "files", reads: "./**", writes: "./**" },
      config: (call) => ({
        does: "files",
        reads: [],
        writes: placesOf(
          call,
          has(call, "--system") ? "/etc/gitconfig" : has(call, "--global") ? "~/.gitconfig" : ".git/config",
        ),
      }),
      archive: { does: "files", reads: ".git/**", writes: "@-o,--output" },
      "describe|log|rev-parse|rev-list|status|diff|show|branch|ls-remote|ls-files|version|--version|show-ref|verify-tag|verify-commit|gc":
        NOTHING,
    },
  },
  { programs: "svn hg", acts: { "checkout|co|clone|export": clone, "*": NOTHING } },
  {
    programs: "aria2c axel",
    syntax: takes("dox", "dir out"),
    acts: { "*": { does: "download", writes: "@-o,--out|./*" } },
  },
  { programs: "scp sftp", acts: { "*": { does: "download", reads: "@init", writes: "@last/**" } } },
  {
    programs: "aws gsutil gcloud az s3cmd oras helm kubectl terraform",
    acts: { "*": { does: "download", reads: "./**", writes: "./** ~/**", usual: true }, "": NOTHING },
  },
  {
    programs: "golangci-lint govulncheck hadolint shellcheck trivy cosign",
    acts: { "*": { does: "nothing", reads: "./**" }, "": NOTHING },
  },
];

/** What well-known installers that are piped to a shell write; by what is in their address. */
export const INSTALLERS: readonly {
  readonly url: RegExp;
  readonly name: string;
  readonly does: "dependencies" | "packages";
  readonly writes: string;
}[] = [
  {
    url: /sh\.rustup\.rs|rustup-init\.sh/,
    name: "rustup",
    does: "dependencies",
    writes: "$CARGO_HOME/** $RUSTUP_HOME/** ~/.profile ~/.bashrc",
  },
  { url: /astral\.sh\/uv/, name: "uv", does: "dependencies", writes: "~/.local/bin/* ~/.cargo/bin/*" },
  {
    url: /install\.python-poetry\.org|get-poetry|install-poetry/,
    name: "Poetry",
    does: "dependencies",
    writes: "$XDG_DATA_HOME/pypoetry/** ~/.local/bin/* ~/.poetry/** $POETRY_HOME/**",
  },
  { url: /bun\.(?:sh|com)\/install/, name: "Bun", does: "dependencies", writes: "$BUN_INSTALL/** ~/.bashrc" },
  { url: /deno\.land\/(?:x\/)?install|deno\.land\/install/, name: "Deno", does: "dependencies", writes: "~/.deno/**" },
  { url: /get\.pnpm\.io|pnpm\.io\/install/, name: "pnpm", does: "dependencies", writes: "$PNPM_HOME/** ~/.bashrc" },
  {
    url: /yarnpkg\.com\/install/,
    name: "Yarn",
    does: "dependencies",
    writes: "~/.yarn/** ~/.config/yarn/** ~/.bashrc",
  },
  { url: /nvm-sh\/nvm|creationix\/nvm/, name: "nvm", does: "dependencies", writes: "$NVM_DIR/** ~/.bashrc ~/.profile" },
  {
    url: /(?:deb|rpm)\.nodesource\.com|packagecloud\.io|install\.speedtest/,
    name: "a package repository",
    does: "packages",
    writes: "/etc/apt/** /etc/yum.repos.d/** /usr/share/keyrings/** /var/lib/apt/lists/**",
  },
  {
    url: /getcomposer\.org\/installer/,
    name: "Composer",
    does: "dependencies",
    writes: "composer.phar /usr/local/bin/composer /usr/bin/composer",
  },
  {
    url: /bootstrap\.pypa\.io|get-pip\.py/,
    name: "pip",
    does: "dependencies",
    writes: "/usr/local/lib/python*/** /usr/local/bin/*",
  },
  {
    url: /golangci-lint|goreleaser|anchore\/(?:syft|grype)|aquasecurity\/trivy/,
    name: "a Go tool",
    does: "dependencies",
    writes: "./bin/* /usr/local/bin/* $GOPATH/bin/*",
  },
];
