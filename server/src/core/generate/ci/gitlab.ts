/**
 * GitLab CI jobs: check the project, build each image with a cache in the registry, push it by digest, make its SBOM, scan
 * that, and only then sign and tag. What comes from file names reaches scripts through variables alone.
 */
import { type CiImage, type CiProject, fromSeverity, quoted } from "./project.ts";

export const GITLAB_PATH = ".gitlab-ci.yml";

/** Trivy's release: three later ones were published by attackers, so that it is named and not followed. */
const TRIVY = "ghcr.io/aquasecurity/trivy:0.68.1";

export const gitlabPipeline = (
  project: CiProject,
): string => `# Checks, builds, scans, signs and publishes the images of this project.
#
# TO BE RESOLVED: the images of the jobs below are named by tag. Pin each to its
# digest, so that nobody can put another one in its place:
#
#   image: docker:28@sha256:…

stages: [check, build, scan, sign, publish]

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_TAG =~ /^v/
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

variables:
  DOCKER_TLS_CERTDIR: "/certs"
  PLATFORMS: ${value(project.platforms.join(","))}
  FIRST_PLATFORM: ${value(project.platforms[0] ?? "linux/amd64")}

dockwright:
  stage: check
  image: node:24-alpine
  script:
    - npx --yes dockwright@${project.version} check --format gitlab > gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json

.docker:
  image: docker:28
  services: [docker:28-dind]
  before_script:
    - |
      printf '%s' "$CI_REGISTRY_PASSWORD" |
        docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"

# By digest: there is no tag until the image has been scanned and signed.
# Nothing of a merge request is pushed.
.build:
  extends: .docker
  stage: build
  script:
    - docker run --privileged --rm tonistiigi/binfmt --install all
    - docker buildx create --use
    - |
      set -- --file "$DOCKERFILE" --cache-from="type=registry,ref=$REPOSITORY:buildcache"
      if [ -n "$TARGET" ]; then set -- "$@" --target "$TARGET"; fi
      if [ -n "$CI_MERGE_REQUEST_IID" ]; then
        docker buildx build "$@" --platform "$FIRST_PLATFORM" --provenance=false \\
          --output type=docker,dest=image.tar -- "$CONTEXT"
      else
        docker buildx build "$@" --platform "$PLATFORMS" --provenance=mode=max --sbom=true \\
          --cache-to "type=registry,ref=$REPOSITORY:buildcache,mode=max" \\
          --metadata-file metadata.json \\
          --output "type=image,name=$REPOSITORY,push-by-digest=true,name-canonical=true,push=true" \\
          -- "$CONTEXT"
        sed -n 's/.*"containerimage.digest": "\\(sha256:[0-9a-f]*\\)".*/DIGEST=\\1/p' metadata.json > build.env
        grep -q '^DIGEST=sha256:' build.env
      fi
  artifacts:
    expire_in: 1 day
    paths: [image.tar]
    reports:
      dotenv: build.env

.scan:
  stage: scan
  image:
    name: ${TRIVY}
    entrypoint: [""]
  variables:
    TRIVY_USERNAME: $CI_REGISTRY_USER
    TRIVY_PASSWORD: $CI_REGISTRY_PASSWORD
    TRIVY_AUTH_URL: $CI_REGISTRY
  script:
    - |
      if [ -n "$CI_MERGE_REQUEST_IID" ]; then set -- --input image.tar
      else set -- --image-src remote -- "$REPOSITORY@$DIGEST"; fi
      trivy image --format cyclonedx --output sbom.cdx.json "$@"
    - trivy sbom --severity ${fromSeverity(project.severity)}${project.fixableOnly === true ? " --ignore-unfixed" : ""} --exit-code 1 -- sbom.cdx.json
  artifacts:
    when: always
    paths: [sbom.cdx.json]

# Signing without a key: the signature names this pipeline. Merge requests are
# not signed.
.sign:
  stage: sign
  image: alpine:3.22
  id_tokens:
    SIGSTORE_ID_TOKEN:
      aud: sigstore
  rules:
    - if: $CI_PIPELINE_SOURCE != "merge_request_event"
  before_script:
    - apk add --no-cache cosign
    - |
      printf '%s' "$CI_REGISTRY_PASSWORD" |
        cosign login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - cosign sign --yes "$REPOSITORY@$DIGEST"
    - |
      cosign attest --yes --type cyclonedx --predicate sbom.cdx.json \\
        "$REPOSITORY@$DIGEST"

.publish:
  extends: .docker
  stage: publish
  rules:
    - if: $CI_PIPELINE_SOURCE != "merge_request_event"
  script:
    - |
      docker buildx imagetools create \\
        --tag "$REPOSITORY:\${CI_COMMIT_TAG:-$CI_COMMIT_REF_SLUG}" "$REPOSITORY@$DIGEST"
      if [ -z "$CI_COMMIT_TAG" ]; then
        docker buildx imagetools create --tag "$REPOSITORY:latest" "$REPOSITORY@$DIGEST"
      fi
${project.images.map(jobs).join("")}`;

const jobs = ({ name, repository, dockerfile, context, target = "" }: CiImage): string => `
${key(`build ${name}`)}:
  extends: .build
  needs: [dockwright]
  variables:
    REPOSITORY: ${value(repository)}
    DOCKERFILE: ${value(dockerfile)}
    CONTEXT: ${value(context)}
    TARGET: ${value(target)}

${key(`scan ${name}`)}:
  extends: .scan
  needs: [${quoted(`build ${name}`)}]
  variables:
    REPOSITORY: ${value(repository)}

${key(`sign ${name}`)}:
  extends: .sign
  needs: [${quoted(`build ${name}`)}, ${quoted(`scan ${name}`)}]
  variables:
    REPOSITORY: ${value(repository)}

${key(`publish ${name}`)}:
  extends: .publish
  needs: [${quoted(`build ${name}`)}, ${quoted(`sign ${name}`)}]
  variables:
    REPOSITORY: ${value(repository)}
`;

const key = quoted;

/** GitLab expands a dollar sign in values of variables; two are one. */
const value = (text: string): string => quoted(text.replaceAll("$", "$$$$"));
