/** Which names hold secrets, whatever stands in front of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { secretFileNamed } from "../../server/src/core/model/secret-files.ts";

const SECRET = [
  "id_rsa id_ed25519_sk .ssh .ssh/ .env .env.production .env.local .aws .aws/credentials .kube .kube/config kubeconfig.yaml",
  ".docker/config.json .dockercfg .netrc _netrc .git-credentials .pgpass .my.cnf .vault-token .config/gcloud",
  "application_default_credentials.json my-service-account.json SERVICEACCOUNT.JSON .npmrc .yarnrc .yarnrc.yml .pypirc",
  "privkey.pem PRIVATE.PEM any.pem putty.ppk server.key SERVER.KEY any.key store.p12 STORE.PFX vault.kdbx",
  "terraform.tfstate terraform.tfstate.backup",
].flatMap((line) => line.split(" "));

const HARMLESS = [
  "README.md src/index.ts . package.json .env.example .env.sample id_rsa.pub ca.pem fullchain.pem apt-archive.key",
  "kubernetes.md accounts.csv docker-compose.yml keys.txt identity.ts server.crt",
].flatMap((line) => line.split(" "));

for (const folder of ["", "deploy/", "/srv/app/", "a.b/"]) {
  test(`names that hold secrets, in ${folder || "no folder"}`, () => {
    assert.deepEqual(
      SECRET.filter((name) => !secretFileNamed(folder + name)),
      [],
    );
    assert.deepEqual(
      HARMLESS.filter((name) => secretFileNamed(folder + name)),
      [],
    );
  });
}
