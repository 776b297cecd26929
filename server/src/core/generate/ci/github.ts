/**
 * A GitHub Actions workflow: checks the project, builds each image with a cache in the registry, pushes it by digest, makes its
 * SBOM, scans that, and only then signs and tags. What comes from file names reaches scripts through the environment alone.
 */
import { ACTIONS, type Action, type Commits, isUnresolved, pinned } from "./actions.ts";
import { type CiImage, type CiProject, quoted, registryOf } from "./project.ts";

export const GITHUB_PATH = ".github/workflows/container.yml";

const UNRESOLVED = `#
# TO BE RESOLVED: each COMMIT-OF-… stands for the commit of that release of the
# action. Look it up, for example with
#
#   git ls-remote https://github.com/actions/checkout 'refs/tags/v5*'
#
# and write the commit there: a tag can be moved to other code later, a commit
# cannot. The workflow fails until that is done.
`;

export function githubWorkflow(project: CiProject, commits: Commits = new Map()): string {
  const uses = (action: Action): string => `uses: ${pinned(action, commits)}`;
  const registries = [...new Set(project.images.map(({ repository }) => registryOf(repository)))];
  const [first = "linux/amd64"] = project.platforms;
  const many = project.platforms.length > 1;
  return `# Checks, builds, scans, signs and publishes the images of this project.
${isUnresolved(commits) ? UNRESOLVED : ""}name: container

on:
  push:
    branches: [${quoted(expression(project.defaultBranch))}]
    tags: ["v*"]
  pull_request:

permissions: {}

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - ${uses(ACTIONS.checkout)}
        with:
          persist-credentials: false
      - ${uses(ACTIONS.node)}
        with:
          node-version: "24"
      - name: Check Dockerfiles and compose files
        run: npx --yes dockwright@${project.version} check --format github

  image:
    needs: check
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
      packages: write
      # For signing without a key: the signature names this workflow.
      id-token: write
    strategy:
      fail-fast: false
      matrix:
        include:
${project.images.map(matrixEntry).join("")}    env:
      REPOSITORY: \${{ matrix.repository }}
    steps:
      - ${uses(ACTIONS.checkout)}
        with:
          persist-credentials: false
${
  many
    ? `      - ${uses(ACTIONS.qemu)}
`
    : ""
}      - ${uses(ACTIONS.buildx)}
${registries.map((registry) => loginStep(registry, uses)).join("")}
      # Nothing of a pull request is pushed.
      - name: Build
        if: github.event_name == 'pull_request'
        ${uses(ACTIONS.build)}
        with:
${buildInputs}          platforms: ${quoted(first)}
          load: true
          tags: \${{ matrix.repository }}:check
          provenance: false

      # By digest: there is no tag until the image has been scanned and signed.
      - name: Build and push by digest
        id: push
        if: github.event_name != 'pull_request'
        ${uses(ACTIONS.build)}
        with:
${buildInputs}          platforms: ${quoted(project.platforms.join(","))}
          cache-to: type=registry,ref=\${{ matrix.repository }}:buildcache,mode=max
          outputs: type=image,name=\${{ matrix.repository }},push-by-digest=true,name-canonical=true,push=true
          provenance: mode=max
          sbom: true

      - name: Name what was built
        id: built
        env:
          DIGEST: \${{ steps.push.outputs.digest }}
        run: |
          image="$REPOSITORY:check"
          if [ -n "$DIGEST" ]; then image="$REPOSITORY@$DIGEST"; fi
          echo "image=$image" >> "$GITHUB_OUTPUT"

      - name: Make the SBOM
        ${uses(ACTIONS.sbom)}
        with:
          image: \${{ steps.built.outputs.image }}
          format: cyclonedx-json
          output-file: sbom.cdx.json
          artifact-name: \${{ matrix.name }}.cdx.json

      - name: Scan
        ${uses(ACTIONS.scan)}
        with:
          sbom: sbom.cdx.json
          fail-build: true
          severity-cutoff: ${project.severity}${project.fixableOnly === true ? "\n          only-fixed: true" : ""}
          output-format: table

      - ${uses(ACTIONS.cosign)}
        if: github.event_name != 'pull_request'

      - name: Sign and attach the SBOM
        if: github.event_name != 'pull_request'
        env:
          IMAGE: \${{ steps.built.outputs.image }}
        run: |
          cosign sign --yes "$IMAGE"
          cosign attest --yes --type cyclonedx --predicate sbom.cdx.json "$IMAGE"

      - name: Tag
        if: github.event_name != 'pull_request'
        env:
          IMAGE: \${{ steps.built.outputs.image }}
          TAG: \${{ github.ref_name }}
          LATEST: \${{ github.ref_type == 'branch' && 'latest' || '' }}
        run: |
          for tag in "$(printf '%s' "$TAG" | tr '/' '-')" $LATEST; do
            docker buildx imagetools create --tag "$REPOSITORY:$tag" "$IMAGE"
          done
`;
}

/** The same for both builds. */
const buildInputs = `          context: \${{ matrix.context }}
          file: \${{ matrix.file }}
          target: \${{ matrix.target }}
          cache-from: type=registry,ref=\${{ matrix.repository }}:buildcache
`;

const matrixEntry = ({ name, repository, dockerfile, context, target = "" }: CiImage): string =>
  [
    `          - name: ${quoted(expression(name))}`,
    `            repository: ${quoted(expression(repository))}`,
    `            file: ${quoted(expression(dockerfile))}`,
    `            context: ${quoted(expression(context))}`,
    `            target: ${quoted(expression(target))}`,
    "",
  ].join("\n");

/** Each registry but GitHub's own takes a login from the repository's secrets. */
function loginStep(registry: string, uses: (action: Action) => string): string {
  const own = registry === "ghcr.io";
  return [
    `      - ${uses(ACTIONS.login)}`,
    "        if: github.event_name != 'pull_request'",
    "        with:",
    `          registry: ${quoted(registry)}`,
    `          username: \${{ ${own ? "github.actor" : "secrets.REGISTRY_USERNAME"} }}`,
    `          password: \${{ ${own ? "secrets.GITHUB_TOKEN" : "secrets.REGISTRY_PASSWORD"} }}`,
    "",
  ].join("\n");
}

/** A name that looks like an expression is none. */
const expression = (text: string): string => text.replaceAll("${{", "${{ '${{' }}");
