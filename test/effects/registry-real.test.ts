/** The registry effect against real docker-registry processes: open, with passwords, with TLS, with tokens. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type RunningRegistry, startDockerRegistry, TEST_LOGIN } from "../../scripts/setup/docker-registry.ts";
import { createRegistry, type RegistryOptions } from "../../server/src/effects/registry/registry.ts";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { defaultParts } from "../../server/src/cli/parts.ts";
import { keyOf } from "../../server/src/core/rule.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { registryFinders } from "../../server/src/effects/finders.ts";
import { createAuthority } from "./certificates.ts";
import { cli, folderWith } from "../cli/harness.ts";
import { serve } from "./local-server.ts";
import { type Pushed, pushImage, pushIndex, pushManifest } from "./push-image.ts";
import { IDENTITY_TOKEN, ISSUER, LEEWAY_SECONDS, SERVICE, startTokenServer, type TokenServer } from "./token-server.ts";

const authority = createAuthority("Test CA");
const AUTH = Buffer.from(`${TEST_LOGIN.username}:${TEST_LOGIN.password}`).toString("base64");
const MULTI = "tools/multi";
const NODE = "tools/node";

let folder: string;
let home: string;
let plain: RunningRegistry;
let basic: RunningRegistry;
let tls: RunningRegistry;
let token: RunningRegistry;
let tokens: TokenServer;
let image: Pushed;
let index: Pushed;
let list: Pushed;
let node22: Pushed;
let alpine: Pushed;

describe("real registries", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "dockwright-registry-"));
    home = join(folder, "home");
    await mkdir(home);
    const file = async (name: string, text: string) => {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const server = authority.issue({ dns: ["localhost"], ip: ["127.0.0.1"] });
    const storage = join(folder, "storage");
    const certificate = await file("server.crt", server.certificate);
    const key = await file("server.key", server.key);
    const rootCertificate = await file("root.crt", authority.certificate);
    tokens = await startTokenServer(authority.issue({ dns: ["token"] }));
    const tokenAuth = {
      kind: "token",
      realm: tokens.realm,
      service: SERVICE,
      issuer: ISSUER,
      rootCertificate,
    } as const;
    [plain, basic, tls, token] = await Promise.all([
      startDockerRegistry({ folder: join(folder, "plain"), storage }),
      startDockerRegistry({ folder: join(folder, "basic"), storage, auth: { kind: "htpasswd" } }),
      startDockerRegistry({ folder: join(folder, "tls"), storage, tls: { certificate, key } }),
      startDockerRegistry({ folder: join(folder, "token"), storage, auth: tokenAuth }),
    ]);

    image = await pushImage(`${plain.host}/tools/single`, ["1", "latest"], { label: "single" });
    index = await pushIndex(`${plain.host}/${MULTI}`, ["1"], { label: "multi" });
    list = await pushIndex(`${plain.host}/${MULTI}`, ["list"], { label: "list", family: "docker" });
    await pushImage(`${plain.host}/private/app`, ["1"], { label: "private" });
    await pushImage(`${plain.host}/${NODE}`, ["20", "20.9.1"], { label: "node 20" });
    node22 = await pushIndex(`${plain.host}/${NODE}`, ["latest", "22", "22.11", "22.11.0", "lts"], {
      label: "node 22",
    });
    alpine = await pushIndex(`${plain.host}/${NODE}`, ["alpine", "22-alpine", "22.11.0-alpine", "22.11.0-alpine3.20"], {
      label: "alpine",
    });
    await pushImage(`${plain.host}/${NODE}`, ["23.0.0-rc1", "22.11.0-alpine3.19", "nightly"], { label: "others" });
  });

  after(async () => {
    const running = [plain, basic, tls, token, tokens].filter((server) => server !== undefined);
    await Promise.all(running.map((server) => server[Symbol.asyncDispose]()));
    await rm(folder, { recursive: true, force: true });
  });

  /** A registry effect that sees only this home folder and environment. */
  function registry(options: Partial<RegistryOptions> = {}) {
    const logged: string[] = [];
    const log = (message: string) => logged.push(message);
    return { ...createRegistry({ trusted: true, env: {}, home, log, ...options }), logged };
  }

  async function dockerConfig(name: string, config: object): Promise<{ DOCKER_CONFIG: string }> {
    const DOCKER_CONFIG = join(folder, name);
    await mkdir(DOCKER_CONFIG, { recursive: true });
    await writeFile(join(DOCKER_CONFIG, "config.json"), JSON.stringify(config));
    return { DOCKER_CONFIG };
  }

  async function errorOf(promise: Promise<unknown>): Promise<RegistryError> {
    const error = await promise.then(
      () => assert.fail("should have failed"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RegistryError, `${error}`);
    return error;
  }

  test("the platforms and the variables of an image, of an index, of a Docker manifest list", async () => {
    const { platforms, environment } = registry();
    for (const [image, expected] of [
      [`${plain.host}/tools/single:1`, "linux/amd64"],
      [`${plain.host}/${MULTI}:1`, "linux/amd64 linux/arm64"],
      [`${plain.host}/${MULTI}:list`, "linux/amd64 linux/arm64"],
      [`${plain.host}/${MULTI}@${index.digest}`, "linux/amd64 linux/arm64"],
    ] as const) {
      assert.equal(await platforms(image), expected);
      assert.equal(await environment(image), "PATH LABEL_NAME");
    }
    const missing = await platforms(`${plain.host}/tools/none:1`);
    assert.ok(typeof missing !== "string" && missing.unknown.includes("tools/none"), JSON.stringify(missing));
  });

  test("the newest tag of the same kind", async () => {
    const { newerTag } = registry();
    assert.equal(await newerTag(`${plain.host}/${NODE}:20`), "22");
    assert.equal(await newerTag(`${plain.host}/${NODE}:20.9.1`), "22.11.0");
    assert.equal(await newerTag(`${plain.host}/${NODE}:22-alpine`), "22-alpine");
    const none = await newerTag(`${plain.host}/${NODE}:nightly`);
    assert.ok(typeof none !== "string" && none.unknown.includes("no version to compare"), JSON.stringify(none));
  });

  test("a tag's digest: of the image, of the OCI index, of the Docker manifest list", async () => {
    const { resolveDigest, digest } = registry();
    const media = (name: string) => `application/vnd.${name}+json`;
    assert.deepEqual(await resolveDigest(`${plain.host}/tools/single:1`), {
      digest: image.digest,
      mediaType: media("oci.image.manifest.v1"),
      isIndex: false,
      size: image.size,
    });
    assert.deepEqual(await resolveDigest(`${plain.host}/${MULTI}:1`), {
      digest: index.digest,
      mediaType: media("oci.image.index.v1"),
      isIndex: true,
      size: index.size,
    });
    assert.deepEqual(await resolveDigest(`${plain.host}/${MULTI}:list`), {
      digest: list.digest,
      mediaType: media("docker.distribution.manifest.list.v2"),
      isIndex: true,
      size: list.size,
    });
    assert.equal(await digest(`${plain.host}/tools/single`), image.digest, "no tag is latest");
    assert.equal(await digest(`${plain.host}/tools/single@${image.digest}`), image.digest);
    const moved = `${plain.host}/tools/single:1@${index.digest}`;
    assert.equal(await digest(moved), image.digest, "the tag counts, not the digest beside it");
  });

  test("what is not there is not-found, with the registry's own reason", async () => {
    const { resolveDigest, digest } = registry();
    const noTag = await errorOf(resolveDigest(`${plain.host}/tools/single:nope`));
    assert.equal(noTag.kind, "not-found");
    assert.match(
      noTag.message,
      /has no 127\.0\.0\.1:\d+\/tools\/single:nope .*MANIFEST_UNKNOWN.*check the name and the tag/,
    );
    assert.equal((await errorOf(resolveDigest(`${plain.host}/nobody/nothing:1`))).kind, "not-found");
    assert.deepEqual(await digest(`${plain.host}/tools/single:nope`), { unknown: noTag.message });
  });

  test("a password registry: stored login, wrong login, none, untrusted", async () => {
    const name = `${basic.host}/tools/single:1`;
    const good = registry({ env: await dockerConfig("good", { auths: { [basic.host]: { auth: AUTH } } }) });
    assert.equal(await good.digest(name), image.digest);
    const asUrl = { auths: { [`https://${basic.host}/v1/`]: { ...TEST_LOGIN } } };
    assert.equal(await registry({ env: await dockerConfig("url", asUrl) }).digest(name), image.digest);
    const inline = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [basic.host]: { auth: AUTH } } }) };
    assert.equal(await registry({ env: inline }).digest(name), image.digest);
    const podman = {
      REGISTRY_AUTH_FILE: join(
        (await dockerConfig("podman", { auths: { [`${basic.host}/tools`]: { auth: AUTH } } })).DOCKER_CONFIG,
        "config.json",
      ),
    };
    assert.equal(await registry({ env: podman }).digest(name), image.digest);
    // Where Podman keeps logins: for this session, with its configuration, and below another folder of configurations.
    for (const [at, path, env] of [
      ["runtime", [], { XDG_RUNTIME_DIR: join(folder, "runtime") }],
      ["config", [], { XDG_CONFIG_HOME: join(folder, "config") }],
      ["podman-home", [".config"], {}],
    ] as const) {
      const place = join(folder, at, ...path, "containers");
      await mkdir(place, { recursive: true });
      await writeFile(join(place, "auth.json"), JSON.stringify({ auths: { [basic.host]: { auth: AUTH } } }));
      const found = await registry({ env, home: join(folder, "podman-home") }).digest(name);
      assert.equal(found, image.digest, at);
      await rm(place, { recursive: true });
    }

    const wrongAuth = Buffer.from("testuser:wrong-password").toString("base64");
    const wrong = registry({ env: await dockerConfig("wrong", { auths: { [basic.host]: { auth: wrongAuth } } }) });
    for (const [refused, what] of [
      [wrong, "wrong"],
      [registry(), "none"],
      [
        registry({ trusted: false, env: await dockerConfig("good", { auths: { [basic.host]: { auth: AUTH } } }) }),
        "untrusted",
      ],
    ] as const) {
      const error = await errorOf(refused.resolveDigest(name));
      assert.equal(error.kind, "unauthorized", what);
      assert.match(error.message, /log in with docker login/, what);
    }
    for (const text of wrong.logged) assert.doesNotMatch(text, /wrong-password/);
  });

  test("TLS with an own CA: untrusted without it, trusted by option, by certs.d and never over http instead", async () => {
    const name = `${tls.host}/tools/single:1`;
    const error = await errorOf(registry().resolveDigest(name));
    assert.equal(error.kind, "tls");
    assert.match(error.message, /unknown authority .*NODE_EXTRA_CA_CERTS/);
    assert.equal(await registry({ ca: [authority.certificate] }).digest(name), image.digest);

    for (const place of [".config/docker", ".config/containers"]) {
      const certs = join(folder, "certs-home", place, "certs.d", tls.host);
      await mkdir(certs, { recursive: true });
      await writeFile(join(certs, "ca.crt"), authority.certificate);
      assert.equal(await registry({ home: join(folder, "certs-home") }).digest(name), image.digest, place);
      await rm(certs, { recursive: true });
    }
    assert.equal((await errorOf(registry({ home: join(folder, "certs-home") }).resolveDigest(name))).kind, "tls");
    const certs = join(folder, "other-home", ".docker", "certs.d", tls.host);
    await mkdir(certs, { recursive: true });
    await writeFile(join(certs, "ca.crt"), authority.certificate);
    assert.equal(await registry({ home: join(folder, "other-home") }).digest(name), image.digest);

    await writeFile(join(certs, "ca.crt"), "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n");
    const broken = await errorOf(registry({ home: join(folder, "other-home") }).resolveDigest(name));
    assert.equal(broken.kind, "tls");
    assert.match(broken.message, /could not be read; check the files in certs\.d/);
  });

  test("a token registry: as nobody, with a password, with an identity token", async () => {
    const open = `${token.host}/tools/single:1`;
    const closed = `${token.host}/private/app:1`;
    const seen = async (ask: () => Promise<unknown>) => {
      const from = tokens.requests.length;
      await ask();
      return tokens.requests.slice(from);
    };

    const nobody = registry();
    assert.deepEqual(await seen(async () => assert.equal(await nobody.digest(open), image.digest)), ["GET anonymous"]);
    const error = await errorOf(nobody.resolveDigest(closed));
    assert.equal(error.kind, "unauthorized");

    const password = registry({ env: await dockerConfig("token", { auths: { [token.host]: { auth: AUTH } } }) });
    assert.deepEqual(await seen(async () => assert.equal(typeof (await password.digest(closed)), "string")), [
      "GET password",
    ]);

    const stored = { auth: Buffer.from("testuser:").toString("base64"), identitytoken: IDENTITY_TOKEN };
    const identity = registry({ env: await dockerConfig("identity", { auths: { [token.host]: stored } }) });
    assert.deepEqual(await seen(async () => assert.equal(typeof (await identity.digest(closed)), "string")), [
      "POST identity",
    ]);
  });

  test("a stored login that has expired does not hide a public image, and the person is told", async () => {
    const expired = { auths: { [token.host]: { auth: Buffer.from("testuser:expired-password").toString("base64") } } };
    const { digest, logged } = registry({ env: await dockerConfig("expired", expired) });
    assert.equal(await digest(`${token.host}/tools/single:1`), image.digest);
    assert.match(
      logged.join("\n"),
      /refused the stored login but serves tools\/single without it; renew it with docker login/,
    );
    assert.doesNotMatch(logged.join("\n"), /expired-password/);
  });

  test("a token that ends while we work is fetched anew, without a word to anybody", async () => {
    const brief = await startTokenServer(authority.issue({ dns: ["token"] }), 2 - LEEWAY_SECONDS);
    const auth = {
      ...({ kind: "token", realm: brief.realm, service: SERVICE, issuer: ISSUER } as const),
      rootCertificate: join(folder, "root.crt"),
    };
    const storage = join(folder, "storage");
    await using guarded = await startDockerRegistry({ folder: join(folder, "brief"), storage, auth });
    await using _ = brief;
    const { digest, logged } = registry();
    assert.equal(await digest(`${guarded.host}/${MULTI}:1`), index.digest);
    assert.equal(await digest(`${guarded.host}/${MULTI}:list`), list.digest);
    assert.deepEqual(brief.requests, ["GET anonymous"], "kept while it is good");
    await new Promise((resolve) => setTimeout(resolve, 3200));
    assert.equal(await digest(`${guarded.host}/${MULTI}@${list.digest}`), list.digest);
    assert.deepEqual(brief.requests, ["GET anonymous", "GET anonymous"]);
    assert.deepEqual(logged, []);
  });

  test("whether there is an image: yes, no with the nearest tags, and what is not said", async () => {
    const { existence } = registry();
    const repository = `${plain.host}/${NODE}`;
    for (const [image, answer] of [
      [`${repository}:22-alpine`, "yes"],
      [repository, "yes"],
      [`${repository}:22-alpin`, "no 22-alpine"],
      [`${repository}:22.99`, "no 22.11 22.11.0 22"],
      [`${repository}:21`, "no 22 20 22.11"],
      [`${repository}:nightly@${node22.digest}`, "yes"],
      [`${repository}:22@sha256:${"0".repeat(64)}`, "no"],
      [`${plain.host}/${MULTI}`, "no 1"],
      [`${plain.host}/nobody/nothing:1`, "no"],
    ] as const)
      assert.equal(await existence(image), answer, image);
    for (const image of [`${basic.host}/tools/none:1`, `${token.host}/private/none:1`, "127.0.0.1:1/a:1"]) {
      const unknown = await existence(image);
      assert.ok(typeof unknown === "object", `${image}: a registry that does not want to say has not said no`);
    }
  });

  test("when an image was made, and the images an index stands for", async () => {
    const { created, platformDigests, tagsNewestFirst } = registry();
    const repository = `${plain.host}/tools/dated`;
    const one = await pushImage(repository, ["1"], { label: "dated", created: "2026-01-02T03:04:05.123456789+02:00" });
    await pushImage(repository, ["reproducible"], { label: "dated", created: "1970-01-01T00:00:00Z" });
    await pushImage(repository, ["garbled"], { label: "dated", created: "long ago" });
    const two = await pushIndex(repository, ["2", "latest"], { label: "index", created: "2026-11-01T00:00:00Z" });
    assert.equal(await created(`${repository}:1`), "2026-01-02T01:04:05.123Z");
    assert.equal(await created(`${repository}:2@${one.digest}`), "2026-01-02T01:04:05.123Z", "the digest counts");
    assert.equal(await created(repository), "2026-11-01T00:00:00.000Z");
    for (const tag of ["reproducible", "garbled"]) {
      const unknown = await created(`${repository}:${tag}`);
      assert.match(typeof unknown === "object" ? unknown.unknown : unknown, /does not say when it was made/);
    }
    const { manifests } = (await (
      await fetch(`http://${plain.host}/v2/tools/dated/manifests/${two.digest}`, { headers: { accept: two.mediaType } })
    ).json()) as { manifests: readonly { digest: string }[] };
    const [amd, arm] = manifests.map(({ digest }) => digest);
    assert.equal(await platformDigests(`${repository}:2`), `linux/amd64@${amd} linux/arm64@${arm}`);
    assert.equal(await platformDigests(`${repository}:1`), "");
    assert.equal(await tagsNewestFirst(repository), "latest 2 1 garbled reproducible");
  });

  test("asked anew, a tag that has moved a moment ago", async () => {
    const repository = `${plain.host}/tools/anew`;
    const old = await pushImage(repository, ["1"], { label: "old" });
    const finders = registryFinders(registry({ cache: { folder: join(folder, "cache-of-anew") } }));
    const answers = createAnswers(finders);
    const { signal } = new AbortController();
    const question = { ask: "digest-today", image: `${repository}:1` } as const;
    const ask = (anew: boolean) => answers.ask(anew ? { ...question, anew } : question, undefined, signal);
    assert.equal(await ask(false), old.digest);
    const moved = await pushImage(repository, ["1"], { label: "new" });
    assert.equal(await ask(false), old.digest, "for a while nobody asks again");
    assert.equal(await ask(true), moved.digest);
    assert.equal(await ask(false), moved.digest);
    assert.equal(answers.known(undefined).get(keyOf(question)), moved.digest, "and rules see it");
  });

  test("a credential helper is run without a shell, by its name only", async () => {
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    const helper = async (name: string, script: string) =>
      writeFile(join(bin, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const login = JSON.stringify({ Username: TEST_LOGIN.username, Secret: TEST_LOGIN.password });
    await helper(
      "test",
      `[ "$1" = get ] || exit 2\nread key\n[ "$key" = "${basic.host}" ] || exit 3\nprintf '%s' '${login}'`,
    );
    await helper("identity", `printf '{"Username":"<token>","Secret":"${IDENTITY_TOKEN}"}'`);
    await helper("empty", "echo 'credentials not found in native keychain'; exit 1");
    await helper("broken", "echo 'a-secret-in-an-error'; exit 4");

    const path = { PATH: `${bin}:${process.env["PATH"]}` };
    const withConfig = async (name: string, config: object) =>
      registry({ env: { ...path, ...(await dockerConfig(name, config)) } });
    const name = `${basic.host}/tools/single:1`;

    assert.equal(
      await (await withConfig("helper", { credHelpers: { [basic.host]: "test" } })).digest(name),
      image.digest,
    );
    assert.equal(await (await withConfig("store", { credsStore: "test" })).digest(name), image.digest);
    const identity = await withConfig("helper-identity", { credsStore: "identity" });
    assert.equal(typeof (await identity.digest(`${token.host}/private/app:1`)), "string");

    const podman = await dockerConfig("podman-helper", { credHelpers: { [basic.host]: "test" } });
    const REGISTRY_AUTH_FILE = join(podman.DOCKER_CONFIG, "config.json");
    assert.equal(await registry({ env: { ...path, REGISTRY_AUTH_FILE } }).digest(name), image.digest);

    for (const [helperName, logged] of [
      ["empty", /^$/],
      ["broken", /docker-credential-broken ended with 4; going on without it/],
      ["missing", /docker-credential-missing is not on PATH; going on without it/],
      ["../../bin/test", /its name is no plain program name/],
      ["test; touch /tmp/x", /its name is no plain program name/],
    ] as const) {
      const asked = await withConfig("helper-bad", { credsStore: helperName });
      assert.equal((await errorOf(asked.resolveDigest(name))).kind, "unauthorized", helperName);
      assert.match(asked.logged.join("\n"), logged, helperName);
      assert.doesNotMatch(asked.logged.join("\n"), /a-secret/);
    }
    const fallback = { credsStore: "missing", auths: { [basic.host]: { auth: AUTH } } };
    assert.equal(await (await withConfig("helper-fallback", fallback)).digest(name), image.digest);

    const untrusted = registry({
      trusted: false,
      env: { ...path, ...(await dockerConfig("helper", { credsStore: "test" })) },
    });
    assert.equal((await errorOf(untrusted.resolveDigest(name))).kind, "unauthorized");
  });

  test("the most precise tag with the same digest", async () => {
    const { versionTag, digest } = registry();
    const repository = `${plain.host}/${NODE}`;
    for (const [tag, precise] of [
      ["latest", "22.11.0"],
      ["22", "22.11.0"],
      ["lts", "22.11.0"],
      ["22.11.0", "22.11.0"],
      ["20", "20.9.1"],
      ["alpine", "22.11.0-alpine3.20"],
      ["22-alpine", "22.11.0-alpine3.20"],
    ] as const) {
      assert.equal(await versionTag(`${repository}:${tag}`), precise, tag);
    }
    assert.equal(await versionTag(repository), "22.11.0", "no tag is latest");
    assert.equal(await digest(`${repository}:22.11.0`), node22.digest);
    assert.equal(await digest(`${repository}:22.11.0-alpine3.20`), alpine.digest);
    const unknown = await versionTag(`${repository}:nightly`);
    assert.match(
      typeof unknown === "object" ? unknown.unknown : unknown,
      /no version tag of .* nightly does .*choose a version/,
    );
  });

  test("mirrors come first, with a login of their own, and their failures are passed over", async () => {
    const mirrors = { "registry.invalid": [`http://${plain.host}`] };
    const mirrored = registry({ mirrors });
    assert.equal(await mirrored.digest("registry.invalid/tools/single:1"), image.digest);

    const bad = registry({ mirrors: { [plain.host]: ["ftp://x", "http://mirror.invalid", `http://${basic.host}`] } });
    assert.equal(await bad.digest(`${plain.host}/tools/single:1`), image.digest);
    assert.match(
      bad.logged.join("\n"),
      /ftp:\/\/x .*passed over[\s\S]*list mirror\.invalid as an insecure registry[\s\S]*did not help/,
    );

    // The login of the registry is not for its mirror, which asks for one.
    const env = await dockerConfig("mirror", { auths: { "registry.invalid": { auth: AUTH } } });
    const closed = registry({ env, mirrors: { "registry.invalid": [`http://${basic.host}`] }, limits: { retryMs: 1 } });
    assert.equal((await errorOf(closed.resolveDigest("registry.invalid/tools/single:1"))).kind, "network");
  });

  test("a pull-through mirror gives what the registry behind it has, and goes on when that is gone", async () => {
    const from = { folder: join(folder, "upstream"), storage: join(folder, "upstream-storage") };
    await using upstream = await startDockerRegistry(from);
    const { digest } = await pushIndex(`${upstream.host}/team/app`, ["1"], { label: "mirrored" });
    const mirrorOf = `http://${upstream.host}`;
    const to = { folder: join(folder, "mirror"), storage: join(folder, "mirror-storage"), mirrorOf };
    await using mirror = await startDockerRegistry(to);
    const asked = () =>
      registry({ mirrors: { "registry.invalid": [`http://${mirror.host}`] }, limits: { retryMs: 1 } });

    const image = "registry.invalid/team/app:1";
    const first = asked();
    assert.equal(await first.digest(image), digest);
    const { platforms } = await first.overview(image);
    assert.deepEqual(
      platforms.map(({ platform, layers }) => `${platform} ${layers}`),
      ["linux/amd64 1", "linux/arm64 1"],
    );
    assert.deepEqual(first.logged, [], "the registry itself, which is nowhere, was not asked");
    await upstream.stop();
    const again = asked();
    const pinned = `registry.invalid/team/app@${digest}`;
    assert.equal(await again.platforms(pinned), "linux/amd64 linux/arm64");
  });

  test("the mirror of a mirror's failure: a 404 of the first leads to the second, and then to the registry", async () => {
    const mirrors = { [plain.host]: [`http://${basic.host}`, `http://${token.host}`] };
    const { digest, logged } = registry({ mirrors });
    assert.equal(await digest(`${plain.host}/tools/single:1`), image.digest);
    assert.equal(logged.filter((line) => line.includes("did not help")).length, 1, logged.join("\n"));
  });

  test("what belongs to an image, from a registry without the referrers API", async () => {
    const { evidence } = registry();
    const signed = await pushImage(`${plain.host}/tools/signed`, ["1"], { label: "signed" });
    assert.deepEqual((await evidence(`${plain.host}/tools/signed:1`)).items, []);
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const referrer = { ...(await pushImage(`${plain.host}/tools/signed`, [], { label: "a referrer" })) };
    const artifactType = "application/vnd.cncf.notary.signature";
    const tag = signed.digest.replace(":", "-");
    const index = { schemaVersion: 2, mediaType, manifests: [{ ...referrer, artifactType }] };
    await pushManifest(`${plain.host}/tools/signed`, [tag], mediaType, index);
    assert.deepEqual((await registry().evidence(`${plain.host}/tools/signed:1`)).items, [
      { kind: "signature", type: artifactType, of: signed.digest, in: `tag ${tag}` },
    ]);
  });

  test("200 references: a request each, which all are HEADs, and none for the next process", async () => {
    const tags = Array.from({ length: 200 }, (_, at) => `t${at}`);
    const { digest } = await pushImage(`${plain.host}/tools/many`, tags, { label: "many" });
    const cache = { folder: join(folder, "cache") };
    const asked = (): readonly string[] => plain.output().match(/"(?:HEAD|GET) \/v2\/tools\/many\/\S*/g) ?? [];
    const all = async () => {
      const { resolveDigest } = registry({ cache });
      const found = await Promise.all(tags.map((tag) => resolveDigest(`${plain.host}/tools/many:${tag}`)));
      assert.ok(found.every((each) => each.digest === digest));
    };
    await all();
    while (asked().length < tags.length) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(asked().toSorted(), tags.map((tag) => `"HEAD /v2/tools/many/manifests/${tag}`).toSorted());
    await all();
    // Whatever this one asks is written after what came before.
    await registry().digest(`${plain.host}/tools/many:none`);
    while (!asked().some((line) => line.endsWith("/none"))) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(asked().filter((line) => !line.endsWith("/none")).length, tags.length);
  });

  test("dockwright pin over many files: a request for each image, and none in the second run", async (t) => {
    const tags = Array.from({ length: 200 }, (_, at) => `p${at}`);
    const { digest } = await pushImage(`${plain.host}/tools/pinned`, tags, { label: "pinned" });
    const image = (at: number): string => `${plain.host}/tools/pinned:${tags[at]}`;
    const files = Array.from({ length: 100 }, (_, at) => [
      `${at}/Dockerfile`,
      `FROM ${image(at * 2)}\nFROM ${image(at * 2 + 1)}\n`,
    ]);
    const env = { HOME: home, XDG_CACHE_HOME: join(folder, "cache-of-pin"), PATH: process.env["PATH"] };
    const pin = async (...args: readonly string[]) => {
      const cwd = folderWith(t, Object.fromEntries(files));
      const outcome = await cli(["pin", ...args, "."], { cwd, env, parts: defaultParts({ env }) });
      assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
      return readFileSync(join(cwd, "99", "Dockerfile"), "utf8");
    };
    const asked = (): readonly string[] => plain.output().match(/"(?:HEAD|GET) \/v2\/tools\/pinned\/\S*/g) ?? [];
    assert.equal(await pin(), `FROM ${image(198)}@${digest}\nFROM ${image(199)}@${digest}\n`);
    while (asked().length < tags.length) await new Promise((resolve) => setTimeout(resolve, 20));
    await pin();
    await pin("--offline");
    await registry().digest(`${plain.host}/tools/pinned:none`);
    while (!asked().some((line) => line.endsWith("/none"))) await new Promise((resolve) => setTimeout(resolve, 20));
    const lines = asked().filter((line) => !line.endsWith("/none"));
    assert.deepEqual(lines.toSorted(), tags.map((tag) => `"HEAD /v2/tools/pinned/manifests/${tag}`).toSorted());
  });

  test("200 references take less than a fifth of the time that one lookup after the other takes", async (t) => {
    const tags = Array.from({ length: 200 }, (_, at) => `t${at}`);
    await pushImage(`${plain.host}/tools/timed`, tags, { label: "timed" });
    // So far away that what counts is waiting, as it is on the Internet.
    await using far = await serve((request, response) => {
      setTimeout(() => {
        const { method = "GET", url = "/", headers } = request;
        const sent = { ...(headers.accept !== undefined && { accept: headers.accept }) };
        fetch(`http://${plain.host}${url}`, { method, headers: sent }).then(
          async (answer) => {
            const kept = ["content-type", "docker-content-digest", "content-length"];
            response.writeHead(
              answer.status,
              Object.fromEntries([...answer.headers].filter(([name]) => kept.includes(name))),
            );
            response.end(Buffer.from(await answer.arrayBuffer()));
          },
          () => response.destroy(),
        );
      }, 50);
    });
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await work();
      return performance.now() - start;
    };
    const accept = "application/vnd.oci.image.manifest.v1+json";
    // One by one, a fifth of them tells how long all take.
    const some = tags.slice(0, tags.length / 5);
    const fifth = await timed(async () => {
      for (const tag of some) {
        await fetch(`http://${far.host}/v2/`);
        const answer = await fetch(`http://${far.host}/v2/tools/timed/manifests/${tag}`, {
          method: "HEAD",
          headers: { accept },
        });
        assert.ok(answer.headers.get("docker-content-digest"));
      }
    });
    const { resolveDigest } = registry();
    // Certificates are read once, whatever is looked up.
    await resolveDigest(`${far.host}/tools/timed:${tags.at(-1)}`);
    const ours = await timed(() => Promise.all(tags.map((tag) => resolveDigest(`${far.host}/tools/timed:${tag}`))));
    const figures = `${Math.round(ours)} ms; a fifth of them one by one ${Math.round(fifth)} ms`;
    t.diagnostic(figures);
    assert.ok(ours < fifth, figures);
  });

  test("a tag that has moved in a real registry: 304 until then, for it knows ETags", async () => {
    const repository = `${plain.host}/tools/moving`;
    const old = await pushImage(repository, ["1"], { label: "old" });
    const cache = { folder: join(folder, "cache-of-moving"), hours: 0 };
    const found = () => registry({ cache }).digest(`${repository}:1`);
    const statuses = (): readonly string[] =>
      [...plain.output().matchAll(/"HEAD \/v2\/tools\/moving\/manifests\/1 HTTP\/1\.1" (\d+)/g)].map(
        ([, code = ""]) => code,
      );
    assert.equal(await found(), old.digest);
    assert.equal(await found(), old.digest);
    const moved = await pushImage(repository, ["1"], { label: "new" });
    assert.equal(await found(), moved.digest);
    while (statuses().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(statuses(), ["200", "304", "200"]);
  });
});
