/** Versions from package indexes: formats as their documentation has them, served here; and which distribution an image is. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Answer, PackageManager } from "../../server/src/core/rule.ts";
import { createFetch } from "../../server/src/effects/downloads/fetch.ts";
import { distributionIn, distributionOf } from "../../server/src/effects/image/distribution.ts";
import { compareDebian } from "../../server/src/effects/packages/order.ts";
import { accepts } from "../../server/src/effects/packages/requirement.ts";
import { createVersions } from "../../server/src/effects/packages/versions.ts";
import { unxz, XzError } from "../../server/src/effects/packages/xz.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { tar } from "../image/archives.ts";
import { serve } from "./local-server.ts";

const fetch = createFetch({ ca: [], env: {}, home: homedir(), trusted: false });
const never = new AbortController().signal;

/** As in deb-version(7) and Debian Policy 5.6.12: each before the next. */
const DEBIAN_ORDER: readonly (readonly [string, string])[] = [
  ["1.0~rc1", "1.0"],
  ["1.0", "1.0-1"],
  ["1.0-1", "1.0-1+b1"],
  ["1.0-1", "1.0-1+deb13u1"],
  ["1.0-1+deb13u1", "1.0-2"],
  ["1.9", "1.10"],
  ["1.10", "1:0.1"],
  ["2.39.2-1.1", "2.39.5-0+deb12u2"],
  ["1.0a", "1.0+"],
  ["1.2.3~~", "1.2.3~"],
  ["8.12.1-r0", "8.14.1-r2"],
];

test("Debian's order of versions", () => {
  for (const [older, newer] of DEBIAN_ORDER) {
    assert.ok(compareDebian(older, newer) < 0, `${older} < ${newer}`);
    assert.ok(compareDebian(newer, older) > 0, `${newer} > ${older}`);
    assert.equal(compareDebian(newer, newer), 0);
  }
});

const REQUIREMENTS: readonly (readonly [requirement: string | undefined, version: string, fits: boolean])[] = [
  [undefined, "3.12", true],
  ["", "3.12", true],
  [">=3.9", "3.12", true],
  [">=3.13", "3.12", false],
  [">=3.8,<3.12", "3.12", false],
  ["<4,>=3.8", "3.12", true],
  [">3.12", "3.12", false],
  ["!=3.12.*", "3.12", false],
  ["!=3.11.*,>=3.7", "3.12", true],
  ["~=3.7", "3.12", true],
  ["~=3.7.1", "3.12", false],
  [">=3.12.4", "3.12", true],
  [">= 3.1, < 4.0", "3.4", true],
  ["~> 3.2", "3.4.1", true],
  [">= 3.5.0", "3.4.1", false],
  ["nonsense", "3.12", true],
];

test("which versions of a language a package asks for", () => {
  for (const [requirement, version, fits] of REQUIREMENTS)
    assert.equal(accepts(requirement, version), fits, `${requirement ?? "nothing"} and ${version}`);
});

const paragraphs = (packages: Readonly<Record<string, string>>): string =>
  Object.entries(packages)
    .map(([name, version]) => `Package: ${name}\nSource: ${name}\nVersion: ${version}\nDescription: a\n Version: 9\n`)
    .join("\n");
const apk = (packages: Readonly<Record<string, string>>): Buffer =>
  // A signature in an archive of its own, then the index: two members of gzip in one file (apk-index(5), abuild-sign).
  Buffer.concat([
    gzipSync(tar([{ name: ".SIGN.RSA.key.rsa.pub", content: Buffer.alloc(256, 1) }]).subarray(0, -1024)),
    gzipSync(
      tar([
        { name: "DESCRIPTION", content: Buffer.from("v3.22") },
        {
          name: "APKINDEX",
          content: Buffer.from(
            Object.entries(packages)
              .map(([name, version]) => `C:Q1abc=\nP:${name}\nV:${version}\nA:x86_64\nD:so:libc.musl\n`)
              .join("\n"),
          ),
        },
      ]),
    ),
  ]);
const releases = (files: Readonly<Record<string, readonly object[]>>): string =>
  JSON.stringify({ info: {}, releases: files });

const FILES: Readonly<Record<string, string | Buffer>> = {
  "/debian/dists/trixie/main/binary-amd64/Packages.gz": gzipSync(paragraphs({ curl: "8.14.1-2", git: "1:2.47.2-0.1" })),
  "/debian/dists/trixie-updates/main/binary-amd64/Packages.gz": gzipSync(""),
  // Updates of Debian's security team are there as .xz alone: curl 8.14.1-2+deb13u1, as `xz` packs it.
  "/security/dists/trixie-security/main/binary-amd64/Packages.xz": Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ABJAEddACgYSGbb2jCF/hbgxx/d1K3SJRaJCSR8n4/9bhvTFZraNcrWG4qfmvMLa7RfZqCzolBgEwT7AsdRCJJuL5247pPFZRjlWAAAAAAK0YvEZcmwIAABY0rBJV/4H7bzfQEAAAAABFla",
    "base64",
  ),
  ...Object.fromEntries(
    ["noble", "noble-updates", "noble-security"].flatMap((pocket) =>
      ["main", "universe", "restricted", "multiverse"].map((component) => [
        `/ports/dists/${pocket}/${component}/binary-arm64/Packages.gz`,
        gzipSync(pocket === "noble" && component === "universe" ? paragraphs({ jq: "1.7.1-3build1" }) : ""),
      ]),
    ),
  ),
  "/alpine/v3.22/main/x86_64/APKINDEX.tar.gz": apk({ curl: "8.14.1-r2" }),
  "/alpine/v3.22/community/x86_64/APKINDEX.tar.gz": apk({ tini: "0.19.0-r3" }),
  "/alpine/v3.99/main/x86_64/APKINDEX.tar.gz": "no gzip",
  "/alpine/v3.99/community/x86_64/APKINDEX.tar.gz": "no gzip",
  "/pypi/flask/json": releases({
    "2.2.5": [{ requires_python: ">=3.7", yanked: false }],
    "3.1.2": [{ requires_python: ">=3.9", yanked: false }],
    "3.1.3": [{ requires_python: ">=3.9", yanked: true }],
    "3.2.0rc1": [{ requires_python: null, yanked: false }],
    "4.0.0": [],
  }),
  "/@scope%2ftool": JSON.stringify({ "dist-tags": { latest: "2.0.1", next: "3.0.0" } }),
  "/api/v1/versions/rails.json": JSON.stringify([
    { number: "8.1.0.beta1", prerelease: true, ruby_version: ">= 3.2" },
    { number: "8.0.2", prerelease: false, ruby_version: ">= 3.2.0" },
    { number: "7.2.2", prerelease: false, ruby_version: ">= 3.1.0" },
  ]),
  "/pypi/odd/json": "no json",
  "/evil": JSON.stringify({ "dist-tags": { latest: "1; rm -rf /" } }),
};

const QUESTIONS: readonly (readonly [
  manager: PackageManager,
  name: string,
  within: string,
  expected: string | RegExp,
])[] = [
  ["apt", "curl", "debian trixie amd64", "8.14.1-2+deb13u1"],
  ["apt", "git", "debian trixie amd64", "1:2.47.2-0.1"],
  ["apt", "nosuch", "debian trixie amd64", /has no nosuch/],
  ["apt", "curl", "debian buster amd64", /answered 404/],
  ["apt", "jq", "ubuntu noble arm64", "1.7.1-3build1"],
  ["apk", "curl", "v3.22 x86_64", "8.14.1-r2"],
  ["apk", "tini", "v3.22 x86_64", "0.19.0-r3"],
  ["apk", "curl", "v3.99 x86_64", /cannot be unpacked/],
  ["pip", "flask", "3.13", "3.1.2"],
  ["pip", "flask", "3.8", "2.2.5"],
  ["pip", "flask", "2.7", /PyPI has no flask for 2\.7/],
  ["pip", "odd", "3.13", /did not answer in JSON/],
  ["npm", "@scope/tool", "", "2.0.1"],
  ["npm", "evil", "", /no version that can be written/],
  ["gem", "rails", "3.4", "8.0.2"],
  ["gem", "rails", "3.1", "7.2.2"],
];

/** `Package: p0`, `Version: 1.0-1` and so on to 39, by `xz` with its own settings, and with others for the model and two small blocks. */
const MANY = Array.from(
  { length: 40 },
  (_, at) => `Package: p${at}\nVersion: 1.${at}-1\nDescription: one of many packages\n\n`,
).join("");
const PACKED: readonly string[] = [
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AnrAMRdACgYSGbb2jCF/hbspnVsZpRhdWL0jib8EMehidqsEop11JGh8Jl8CQRMoVYYzVC/ijW7MHXPUG+Y9Qxoxph0HSUQ7l3wEID4EjPA5T5S3NZu3USiW6si7mr4SxfkwVzU9VBy0Pp17A0bEeRAiNikta0RX35HkTKz4f1Fx5KBhttUc4SJdf9+as3auz935EbstirCVJv01arbZTzypFvbbYDj9T3q0XmxCed4mqRwo//TZCEFp13WpRchZjZJLZfIrZU3KAAAtUpUcTaRjGcAAeAB7BMAAEYFuGqxxGf7AgAAAAAEWVo=",
  "/Td6WFoAAAFpIt42AgAhAQAAAAA3J5fW4AnrAMY/ACgYSMogNbRZi8lsdZ8Y0K89vaTqdT/2OFlKIwjbmzyAYS/xg9O06YXvOXx6jy2aH6KN8H1y6a8d4kzF9js7F1qMbkrN6zzYMJ/e2q/857cLcQbEljmtoMxsiVxypvZA6ziIW13CM1/Pj8TRSyIqBLuIdv1BIXcYhHkpfJlL1EUSWcSkfFrIlPAQvLsxfES6ctNcquKk8KMVKU9P5tSHMX1cAWp/jmBj7rf2VtDZpg74vzTP1A/P0uAWj9WecZcIHQZSPHPRAAAAAJ7K/pMAAd4B7BMAAJtjyFQ+MA2LAgAAAAABWVo=",
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4APoAIFdACgYSGbb2jCF/hbspnVsZpRhdWL0jib8EMehidqsEop11JGh8Jl8CQRMoVYYzVC/ijW7MHXPUG+Y9Qxoxph0HSUQ7l3wEID4EjPA5T5S3NZu3USiW6si7mr4SxfkwVzU9VBy0Pp17A0bEeRAiNikta0RX35HkTKz4f1Fx5KBNRQw2AAAAACaonpPU+SeNAIAIQEWAAAAdC/lo+AD6AB/XQA5gqyfXioCJN+z6TLSVWS0OekTHrjckzutspK/6MbXI9fMVn5lTyf9Yvw006ZNmiHMsFAOfLMTgigQeG4Id4oU3a3CpT1BVdQ7WeWMA3zyQfSwu6n21ywBz0nSq+OGNTwYmRdfMV5EJd5yVB0kduXVLgmkzc/9wxNGmYbQP74EAABagY3aGk/iPwIAIQEWAAAAdC/lo+ACGQBgXQA3m4NAMzXjNuZxNNAT3oh9IIhB991O1Ave3UB0WMyqPcctq/G03Pp1aGdsUmlVZlSlp45Eg9QGu4VIoshGQ0u3iR0aWUSW6jkH1MgBlf4KextEMPCUz+WhbuwHq5247NsAf9+O5do0Tz8AA50B6QebAekHfJoEAAAAQ3VQkawnPi0EAAAAAARZWg==",
];

test(".xz is unpacked, whatever its settings, and nothing that is damaged is taken", () => {
  for (const text of PACKED) {
    const packed = Buffer.from(text, "base64");
    assert.equal(unxz(packed, 10_000).toString(), MANY);
    assert.throws(() => unxz(packed, 2000), /more than 2000 bytes/);
    for (let length = 0; length < packed.length - 60; length += 7)
      assert.throws(() => unxz(packed.subarray(0, length), 10_000), XzError, `cut off at ${length}`);
    for (let at = 0; at < packed.length; at += 3) {
      const damaged = Buffer.from(packed);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      try {
        assert.ok(unxz(damaged, 10_000).length <= 10_000);
      } catch (error) {
        assert.ok(error instanceof XzError, String(error));
      }
    }
  }
});

test("what each index says", async () => {
  const asked: string[] = [];
  await using server = await serve((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const file = Object.hasOwn(FILES, url) ? FILES[url] : undefined;
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  const base = `http://${server.host}`;
  const versions = createVersions(
    fetch,
    {
      debian: `${base}/debian`,
      debianSecurity: `${base}/security`,
      ubuntu: `${base}/ubuntu`,
      ubuntuPorts: `${base}/ports`,
      alpine: `${base}/alpine`,
    },
    { pypi: base, npm: base, rubygems: base },
  );
  for (const [manager, name, within, expected] of QUESTIONS) {
    const answer: Answer = await versions({ ask: "package-version", manager, name, within }, never);
    const said = typeof answer === "string" ? answer : answer.unknown;
    if (typeof expected === "string") assert.equal(answer, expected, `${name} ${within}: ${said}`);
    else {
      assert.ok(typeof answer === "object", `${name} ${within}: ${said}`);
      assert.match(said, expected);
    }
  }
  const indexes = asked.filter((url) => url.includes("trixie") && url.includes("/main/"));
  assert.equal(
    indexes.length,
    4,
    "each index is read once for all packages, that of the updates asked for in both forms",
  );
});

test("giving up is no answer", async () => {
  await using server = await serve((_request, response) => void response.write("x"));
  const base = `http://${server.host}`;
  const versions = createVersions(
    fetch,
    { debian: base, debianSecurity: base, ubuntu: base, ubuntuPorts: base, alpine: base },
    { pypi: base, npm: base, rubygems: base },
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 100);
  const question = { ask: "package-version", manager: "apt", name: "curl", within: "debian trixie amd64" } as const;
  await assert.rejects(versions(question, controller.signal), /enough/);
});

const OS_RELEASES: readonly (readonly [text: string, release: string | undefined])[] = [
  [
    'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n',
    "debian trixie",
  ],
  ['ID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID_LIKE=debian\n', "ubuntu noble"],
  ["ID=alpine\nVERSION_ID=3.22.1\n", "alpine v3.22"],
  ["ID=alpine\nVERSION_ID=3.23_alpha20250612\n", undefined],
  ["ID=kali\nID_LIKE=debian\nVERSION_CODENAME=kali-rolling\n", undefined],
  ["", undefined],
];

test("os-release", () => {
  for (const [text, release] of OS_RELEASES) assert.equal(distributionOf(text), release, text);
});

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

test("the distribution of an image in a registry", async () => {
  const osRelease = Buffer.from("ID=debian\nVERSION_CODENAME=trixie\n");
  const layer = gzipSync(tar([{ name: "usr/lib/os-release", content: osRelease }]));
  const config = Buffer.from(
    JSON.stringify({ os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [] } }),
  );
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256(config), size: config.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: sha256(layer), size: layer.length }],
  });
  let served: Buffer = layer;
  await using server = await serve((request, response) => {
    const url = request.url ?? "";
    if (url.includes("/manifests/"))
      response.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end(manifest);
    else if (url.endsWith(sha256(config))) response.end(config);
    else if (url.endsWith(sha256(layer))) response.end(served);
    else response.writeHead(url === "/v2/" ? 200 : 404).end();
  });
  const registry = createRegistry({ trusted: false, env: {}, limits: { attempts: 1 } });
  assert.equal(await distributionIn(registry, `${server.host}/base:1`, never), "debian trixie");
  served = gzipSync(tar([{ name: "usr/lib/os-release", content: Buffer.from("ID=ubuntu\nVERSION_CODENAME=noble\n") }]));
  const forged = await distributionIn(registry, `${server.host}/base:1`, never);
  assert.ok(typeof forged === "object", "a layer with another digest is not believed");
});
