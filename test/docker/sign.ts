/** The real cosign and a real registry: signing by key, attaching an SBOM, verifying both, and what must not be verified. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Invocation, Outcome } from "../../client/src/process.ts";
import {
  attest,
  failureOf,
  readAttestationVerdict,
  readDialect,
  readVerdict,
  type SignOptions,
  sign,
  signHelp,
  verify,
  verifyAttestation,
} from "../../client/src/signing/cosign.ts";
import {
  digestIn,
  inspectImage,
  push,
  pushedDigest,
  pushFailure,
  registryDigest,
} from "../../client/src/signing/push.ts";
import { mustRun, run } from "../../scripts/process.ts";
import { debianPackages } from "../../scripts/setup/debian.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { pushImage } from "../effects/push-image.ts";
import { type Machine, mustDocker } from "./machine.ts";

/** The release whose cosign is current. */
const SUITE = "forky";
const PASSWORD = "a pass $(word) of the test";

export function signTests(machine: Machine): void {
  describe("sign", () => {
    let program = "";
    let folder = "";
    let keys = { key: "", pub: "", other: "" };
    let base: Omit<SignOptions, "image">;

    const cosign = async (invocation: Invocation): Promise<Outcome> => {
      const { command, args, env = {}, input = "" } = invocation;
      const home = { HOME: folder, DOCKER_CONFIG: join(folder, "docker"), ...env };
      const result = await run(command, args, { cwd: folder, env: home, input, timeoutMs: 60_000 });
      return { ...result, truncated: false, missing: false };
    };

    before(async () => {
      program = join(await debianPackages(["cosign"], { suite: SUITE }), "usr", "bin", "cosign");
      folder = await machine.folder("sign");
      const env = { COSIGN_PASSWORD: undefined };
      for (const name of ["our key", "other"])
        await mustRun(program, ["generate-key-pair", "--output-key-prefix", name], {
          cwd: folder,
          env,
          input: PASSWORD,
        });
      keys = { key: join(folder, "our key.key"), pub: join(folder, "our key.pub"), other: join(folder, "other.pub") };
      const help = await cosign(signHelp(program));
      base = {
        ...{ program, key: keys.key, password: PASSWORD, insecure: true, transparencyLog: false },
        dialect: readDialect(help.stdout + help.stderr),
      };
    });

    /** Of a repository of its own. */
    const pushed = async (name: string): Promise<{ readonly repository: string; readonly digest: string }> => {
      const repository = `${machine.registry.host}/signed/${name}`;
      return { repository, digest: (await pushImage(repository, ["1"], { label: name })).digest };
    };

    const verdictOf = async (image: string, key = keys.pub) =>
      readVerdict(await cosign(verify({ program, image, signer: { key }, insecure: true, transparencyLog: false })));

    test("what is signed is verified by digest and by tag; nobody else's key fits", async () => {
      const { repository, digest } = await pushed("round-trip");
      const image = `${repository}@${digest}`;
      assert.equal((await verdictOf(image)).state, "unsigned");
      assert.equal(failureOf(await cosign(sign({ ...base, image }))), undefined);
      const verified = { state: "verified", signatures: [{ digest }] };
      assert.deepEqual(await verdictOf(image), verified);
      assert.deepEqual(await verdictOf(`${repository}:1`), verified);
      assert.equal((await verdictOf(image, keys.other)).state, "mismatch");
    });

    test("a tag that moves to another image is not verified any more", async () => {
      const { repository, digest } = await pushed("moved");
      assert.equal(failureOf(await cosign(sign({ ...base, image: `${repository}@${digest}` }))), undefined);
      const other = await pushImage(repository, ["1"], { label: "put in its place" });
      assert.notEqual(other.digest, digest);
      for (const image of [`${repository}:1`, `${repository}@${other.digest}`])
        assert.equal((await verdictOf(image)).state, "unsigned", image);
    });

    test("an attached SBOM is verified as what it is, and as nothing else", async () => {
      const { repository, digest } = await pushed("attested");
      const image = `${repository}@${digest}`;
      const predicate = join(folder, "our sbom.cdx.json");
      await writeFile(
        predicate,
        JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components: [] }),
      );
      const asked = { program, image, signer: { key: keys.pub }, insecure: true, transparencyLog: false } as const;
      const verdict = async (type: "cyclonedx" | "spdxjson", key = keys.pub) =>
        readAttestationVerdict(await cosign(verifyAttestation({ ...asked, type, signer: { key } })));
      assert.equal((await verdict("cyclonedx")).state, "unsigned");
      assert.equal(failureOf(await cosign(attest({ ...base, image, predicate, type: "cyclonedx" }))), undefined);
      assert.deepEqual(await verdict("cyclonedx"), { state: "verified", signatures: [{ digest }] });
      assert.equal((await verdict("spdxjson")).state, "unsigned");
      assert.equal((await verdict("cyclonedx", keys.other)).state, "mismatch");
    });

    test("what goes wrong is said: password, key, image, registry", async () => {
      const { repository, digest } = await pushed("failures");
      const image = `${repository}@${digest}`;
      assert.equal(
        failureOf(await cosign(sign({ ...base, image, password: "wrong" }))),
        "The password is not the key's",
      );
      const gone = await cosign(sign({ ...base, image, key: join(folder, "no.key") }));
      assert.equal(failureOf(gone), "The key or the SBOM's file is not there");
      assert.deepEqual(await verdictOf(`${repository}:none`), {
        state: "unknown",
        why: "The registry does not have this image",
      });
      const nobody = await verdictOf("127.0.0.1:1/app:1");
      assert.match(nobody.state === "unknown" ? nobody.why : "", /cannot be reached/);
    });

    test("the docker that pushes says the digest the registry has, and that is what is signed", async () => {
      const image = `${machine.registry.host}/signed/built:1`;
      const context = await machine.folder("sign");
      await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
      await mustDocker(machine, "buildx", "build", "--provenance=false", "--tag", image, context);
      const docker = async ({ args }: Invocation): Promise<Outcome> => ({
        ...(await machine.docker.docker(args)),
        ...{ truncated: false, missing: false },
      });
      const here = JSON.parse((await docker(inspectImage("docker", image))).stdout);
      const outcome = await docker(push({ engine: "docker", image, digestFile: "" }));
      assert.equal(pushFailure(outcome, "docker"), undefined);
      const digest = pushedDigest(outcome, undefined);
      assert.ok(digest);
      assert.equal(here[0].Id, digest, "Docker's containerd store names an image by what it is pushed as");
      assert.equal(digestIn(await docker(registryDigest(image))), digest);
      const named = `${machine.registry.host}/signed/built@${digest}`;
      assert.equal(failureOf(await cosign(sign({ ...base, image: named }))), undefined);
      assert.equal((await verdictOf(image)).state, "verified");
      const missing = await docker(
        push({ engine: "docker", image: `${machine.registry.host}/signed/none:1`, digestFile: "" }),
      );
      assert.match(pushFailure(missing, "docker") ?? "", /does not exist/);
    });

    test("podman and buildah write the digest the registry has", async () => {
      const host = machine.registry.host;
      await using podman = await setUpPodman({ folder: await machine.folder("podman"), registries: [host] });
      const context = await machine.folder("sign");
      await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
      for (const engine of ["podman", "buildah"] as const) {
        const image = `${host}/signed/by-${engine}:1`;
        const options = { env: podman.env, timeoutMs: 120_000 };
        await mustRun(engine, ["build", "--isolation", "chroot", "--tag", image, context], options);
        const here = await run(engine, inspectImage(engine, image).args, options);
        assert.equal(here.code, 0, here.stderr);
        const digestFile = join(context, `${engine} digest`);
        const { command, args } = push({ engine, image, digestFile, insecure: true });
        const outcome = { ...(await run(command, args, options)), truncated: false, missing: false };
        assert.equal(pushFailure(outcome, engine), undefined);
        const digest = pushedDigest(outcome, await readFile(digestFile, "utf8"));
        assert.ok(digest);
        const address = `http://${host}/v2/signed/by-${engine}/manifests/${digest}`;
        const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
        const answer = await fetch(address, { method: "HEAD", headers });
        assert.equal(answer.status, 200, `${engine}: ${digest}`);
      }
    });
  });
}
