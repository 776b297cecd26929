/** cosign: arguments without a password in them, never a tag to sign, and what its answers mean. Its real answers are in test/docker/sign.ts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  attest,
  deviceLoginIn,
  failureOf,
  readAttestationVerdict,
  readDialect,
  readVerdict,
  sign,
  verify,
  verifyAttestation,
} from "../../client/src/signing/cosign.ts";
import { digestIn, inspectImage, push, pushedDigest, pushFailure } from "../../client/src/signing/push.ts";
import { redact } from "../../client/src/redact.ts";
import { byDigest, isLoopback, readReference } from "../../client/src/signing/reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const IMAGE = `ghcr.io/team/app@${DIGEST}`;
const V2 = { signingConfig: false };
const V3 = { signingConfig: true };
const outcome = { code: 0, stdout: "", stderr: "", truncated: false, missing: false };

describe("signing", () => {
  const CASES = [
    ["keyless", sign({ image: IMAGE, dialect: V3, transparencyLog: true }), ["sign", "--yes", "--", IMAGE]],
    [
      "by key, outside the log, cosign 2",
      sign({ image: IMAGE, key: "-k;.key", dialect: V2, transparencyLog: false }),
      ["sign", "--yes", "--key=-k;.key", "--tlog-upload=false", "--", IMAGE],
    ],
    [
      "by key, outside the log, cosign 3, plain HTTP",
      sign({ image: IMAGE, key: "k.key", dialect: V3, transparencyLog: false, insecure: true }),
      [
        ...["sign", "--yes", "--key=k.key", "--tlog-upload=false", "--use-signing-config=false"],
        ...["--allow-http-registry", "--allow-insecure-registry", "--", IMAGE],
      ],
    ],
    [
      "an SBOM",
      attest({
        image: IMAGE,
        key: "awskms:///x",
        predicate: "-a b.json",
        type: "cyclonedx",
        dialect: V3,
        transparencyLog: true,
      }),
      ["attest", "--yes", "--type", "cyclonedx", "--predicate=-a b.json", "--key=awskms:///x", "--", IMAGE],
    ],
    [
      "verifying by key",
      verify({ image: IMAGE, signer: { key: "k.pub" }, transparencyLog: false }),
      ["verify", "--output", "json", "--key=k.pub", "--insecure-ignore-tlog=true", "--", IMAGE],
    ],
    [
      "verifying by identity, by tag",
      verify({
        image: "ghcr.io/team/app:1",
        signer: { identity: "me@example.com", issuer: "https://example.com" },
        transparencyLog: true,
      }),
      [
        ...["verify", "--output", "json", "--certificate-identity=me@example.com"],
        ...["--certificate-oidc-issuer=https://example.com", "--", "ghcr.io/team/app:1"],
      ],
    ],
    [
      "verifying an attestation",
      verifyAttestation({ image: IMAGE, type: "spdxjson", signer: { key: "k.pub" }, transparencyLog: true }),
      ["verify-attestation", "--type", "spdxjson", "--key=k.pub", "--", IMAGE],
    ],
  ] as const;
  for (const [name, { args }, wanted] of CASES) test(name, () => assert.deepEqual(args, wanted));

  test("a password goes to standard input and nowhere else", () => {
    const password = "pass $(word)";
    const call = sign({ image: IMAGE, key: "k.key", password, dialect: V3, transparencyLog: true });
    assert.equal(call.input, password);
    assert.ok(!JSON.stringify([call.args, call.env]).includes("pass"), JSON.stringify(call.args));
    assert.deepEqual(call.env, { COSIGN_PASSWORD: undefined });
  });

  test("a tag is not signed, an option is no image", () => {
    for (const image of ["ghcr.io/team/app:1", "ghcr.io/team/app", `-x@${DIGEST}`, `a b@${DIGEST}`, "x@sha256:1", ""])
      assert.throws(() => sign({ image, dialect: V3, transparencyLog: true }), Error, image);
  });

  test("the dialect follows from the help, for builds that do not know their version", () => {
    assert.deepEqual(readDialect("    --use-signing-config=true:\n"), V3);
    assert.deepEqual(readDialect("      --tlog-upload   whether or not to upload\n"), V2);
  });
});

describe("what cosign says", () => {
  test("a digest and exit code 0 are a verification", () => {
    const one = {
      critical: { image: { "docker-manifest-digest": DIGEST } },
      optional: { Subject: "me@example.com", Issuer: "i" },
    };
    assert.deepEqual(readVerdict({ ...outcome, stdout: `\n${JSON.stringify([one])}\n` }), {
      state: "verified",
      signatures: [{ digest: DIGEST, subject: "me@example.com", issuer: "i" }],
    });
    const bare = { critical: { image: { "docker-manifest-digest": DIGEST } }, optional: null };
    const lines = `${JSON.stringify([bare])}\n${JSON.stringify([bare])}\n`;
    const verdict = readVerdict({ ...outcome, stdout: lines });
    assert.equal(verdict.state === "verified" && verdict.signatures.length, 2);
    const payload = Buffer.from(JSON.stringify({ subject: [{ digest: { sha256: "b".repeat(64) } }] })).toString(
      "base64",
    );
    assert.deepEqual(readAttestationVerdict({ ...outcome, stdout: `${JSON.stringify({ payload })}\n` }), {
      state: "verified",
      signatures: [{ digest: `sha256:${"b".repeat(64)}` }],
    });
  });

  test("nothing else is", () => {
    for (const stdout of ["", "{}", "[]", "[null]", "[{}]", "x"]) {
      assert.equal(readVerdict({ ...outcome, stdout }).state, "unknown", stdout);
      assert.equal(readAttestationVerdict({ ...outcome, stdout }).state, "unknown", stdout);
    }
    assert.equal(
      readVerdict({
        ...outcome,
        code: 1,
        stdout: JSON.stringify([{ critical: { image: { "docker-manifest-digest": DIGEST } } }]),
      }).state,
      "unknown",
    );
  });

  const REFUSALS = [
    [10, "Error: no signatures found", "unsigned"],
    [10, "", "unsigned"],
    [12, "Error: no matching signatures: crypto/rsa: verification error", "mismatch"],
    [1, "Error: no matching attestations: failed to verify signature: could not verify envelope", "mismatch"],
    [
      1,
      "Error: no matching signatures: none of the expected identities matched what was in the certificate",
      "mismatch",
    ],
    [1, "Error: none of the attestations matched the predicate type: cyclonedx", "unsigned"],
    [11, "Error: image tag not found: GET http://x: MANIFEST_UNKNOWN: manifest unknown", "unknown"],
    [1, "Error: GET https://x: UNAUTHORIZED: authentication required", "unknown"],
    [1, 'Error: Get "https://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', "unknown"],
    [1, "Error: something new", "unknown"],
    [null, "cosign did not end within 60 s", "unknown"],
  ] as const;
  for (const [code, stderr, state] of REFUSALS)
    test(`${code} ${stderr}`, () => {
      const verdict = readVerdict({ ...outcome, code, stderr });
      assert.equal(verdict.state, state);
      assert.ok("why" in verdict && verdict.why !== "");
    });

  test("failures of signing", () => {
    assert.equal(failureOf(outcome), undefined);
    assert.equal(failureOf({ ...outcome, code: null, missing: true }), "cosign is not installed");
    assert.equal(
      failureOf({ ...outcome, code: 1, stderr: "Error: reading key: decrypt: encrypted: decryption failed" }),
      "The password is not the key's",
    );
    assert.equal(
      failureOf({ ...outcome, code: 1, stderr: "WARNING: x\nError: y\nerror during command execution: y" }),
      "y",
    );
    assert.equal(failureOf({ ...outcome, code: 7 }), "cosign ended with 7 and said nothing");
  });

  test("the page where a person confirms a keyless signature; nothing but https", () => {
    const line = (url: string): string =>
      `Enter the verification code ABCD-EFGH in your browser at: ${url}\nCode will be valid for 300 seconds\n`;
    assert.deepEqual(deviceLoginIn(line("https://oauth2.example.com/auth/device?user_code=ABCD-EFGH")), {
      code: "ABCD-EFGH",
      url: "https://oauth2.example.com/auth/device?user_code=ABCD-EFGH",
    });
    assert.equal(deviceLoginIn(line("file:///etc/passwd")), undefined);
    assert.equal(deviceLoginIn("Retrieving signed certificate..."), undefined);
  });
});

describe("references", () => {
  const CASES = [
    ["app", { registry: "docker.io", repository: "app" }],
    ["team/app:1", { registry: "docker.io", repository: "team/app", tag: "1" }],
    ["localhost:5000/app", { registry: "localhost:5000", repository: "localhost:5000/app" }],
    [`[::1]:5000/a/b:1@${DIGEST}`, { registry: "[::1]:5000", repository: "[::1]:5000/a/b", tag: "1", digest: DIGEST }],
    [IMAGE, { registry: "ghcr.io", repository: "ghcr.io/team/app", digest: DIGEST }],
    ["ghcr.io/Team/app", undefined],
    ["-app", undefined],
    ["a b", undefined],
    ["https://ghcr.io/app", undefined],
    ["", undefined],
  ] as const;
  for (const [text, wanted] of CASES) test(JSON.stringify(text), () => assert.deepEqual(readReference(text), wanted));

  test("by digest, and this machine's own registries", () => {
    const reference = readReference("localhost:5000/app:1");
    assert.ok(reference);
    assert.equal(byDigest(reference, DIGEST), `localhost:5000/app@${DIGEST}`);
    for (const own of ["localhost", "127.0.0.1:5000", "[::1]:5000", "registry.localhost:80"])
      assert.ok(isLoopback(own), own);
    for (const other of ["docker.io", "127.0.0.1.example.com", "localhost.example.com"])
      assert.ok(!isLoopback(other), other);
  });
});

describe("pushing", () => {
  const options = { image: "127.0.0.1:5000/app:1", digestFile: "/tmp/a b/digest", insecure: true };
  const CASES = [
    ["docker", ["push", "--", options.image]],
    ["nerdctl", ["push", "--insecure-registry", "--", options.image]],
    ["podman", ["push", "--digestfile=/tmp/a b/digest", "--tls-verify=false", "--", options.image]],
    ["buildah", ["push", "--digestfile=/tmp/a b/digest", "--tls-verify=false", "--", options.image]],
  ] as const;
  for (const [engine, args] of CASES)
    test(engine, () => assert.deepEqual(push({ ...options, engine }), { command: engine, args }));

  test("an option is no image", () => {
    assert.throws(() => push({ ...options, engine: "docker", image: "--all-tags" }));
    assert.throws(() => inspectImage("docker", "--format={{json .}}"));
  });

  test("the digest: said, or written", () => {
    assert.equal(pushedDigest({ ...outcome, stdout: `1: digest: ${DIGEST} size: 856\n` }, undefined), DIGEST);
    assert.equal(pushedDigest({ ...outcome, stderr: `manifest-${DIGEST}: done` }, undefined), DIGEST);
    assert.equal(pushedDigest(outcome, `${DIGEST}\n`), DIGEST);
    assert.equal(pushedDigest({ ...outcome, stdout: "digest: sha256:1" }, undefined), undefined);
    const manifest = JSON.stringify({ digest: DIGEST, size: 1 });
    assert.equal(digestIn({ ...outcome, stdout: `${manifest}\n` }), DIGEST);
    assert.equal(digestIn({ ...outcome, code: 1, stdout: manifest }), undefined);
  });

  test("failures", () => {
    assert.equal(pushFailure(outcome, "docker"), undefined);
    assert.match(
      pushFailure({ ...outcome, code: 1, stderr: "denied: requested access" }, "podman") ?? "",
      /podman login/,
    );
    assert.equal(
      pushFailure({ ...outcome, code: 1, stderr: "tag does not exist: x\n" }, "docker"),
      "tag does not exist: x",
    );
  });
});

test("what is logged of programs has no credentials in it", () => {
  const token = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJtZUBleGFtcGxlLmNvbSJ9", "c2lnbmF0dXJl"].join(".");
  for (const text of [
    "GET https://me:hunter22@ghcr.io/v2/",
    "Authorization: Bearer hunter22hunter22hunter22",
    `token ${token} is expired`.replace(token, `${token}hunter22`),
    "https://auth.example.com/token?password=hunter22&service=x",
  ])
    assert.doesNotMatch(redact(text), /hunter22|eyJ/, text);
  const plain = "Pushing signature to: ghcr.io/team/app";
  assert.equal(redact(plain), plain);
});
