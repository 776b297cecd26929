/** What is known of base images, by reference. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownBase } from "../server/src/core/model/dockerfile/bases.ts";

/** Reference, family, user, account, best prober, bash. */
const CASES: readonly (readonly [string, string, string, string | undefined, string | undefined, boolean])[] = [
  ["node:22", "debian", "root", "node", "node", true],
  ["node:22-alpine", "alpine", "root", "node", "node", false],
  ["docker.io/library/node:22-slim@sha256:" + "a".repeat(64), "debian", "root", "node", "node", true],
  ["amd64/python:3.13", "debian", "root", undefined, "python", true],
  ["public.ecr.aws/docker/library/python:3.13-alpine", "alpine", "root", undefined, "python", false],
  ["debian:13", "debian", "root", undefined, "bash", true],
  ["alpine", "alpine", "root", undefined, "wget", false],
  ["golang:1.25", "debian", "root", undefined, "curl", true],
  ["golang:1.25-alpine", "alpine", "root", undefined, "wget", false],
  ["php:8.4-fpm", "debian", "root", "www-data", "php", true],
  ["php:8.4-fpm-alpine", "alpine", "root", "www-data", "php", false],
  ["eclipse-temurin:21-jre", "debian", "root", undefined, "curl", true],
  ["eclipse-temurin:21-jre-ubi9-minimal", "minimal-rpm", "root", undefined, "curl", true],
  ["registry.access.redhat.com/ubi9/ubi", "redhat", "root", undefined, "curl", true],
  ["registry.access.redhat.com/ubi9/ubi-minimal:9.6", "minimal-rpm", "root", undefined, "curl", true],
  ["gcr.io/distroless/static-debian13:nonroot", "distroless", "other", "nonroot", undefined, false],
  ["gcr.io/distroless/static-debian13", "distroless", "root", "nonroot", undefined, false],
  ["cgr.dev/chainguard/node:latest", "distroless", "other", "nonroot", undefined, false],
  ["mcr.microsoft.com/dotnet/aspnet:9.0", "debian", "root", "app", "bash", true],
  ["mcr.microsoft.com/dotnet/aspnet:6.0", "debian", "root", undefined, "bash", true],
  ["mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled", "distroless", "other", "app", undefined, false],
  ["mcr.microsoft.com/dotnet/framework/runtime:4.8.1", "windows", "root", undefined, undefined, false],
  ["mcr.microsoft.com/windows/nanoserver:ltsc2025", "windows", "root", undefined, undefined, false],
  ["nginxinc/nginx-unprivileged:stable-alpine", "alpine", "other", "nginx", "wget", false],
];
for (const [reference, family, user, account, prober, bash] of CASES)
  test(`known base: ${reference}`, () => {
    const base = knownBase(reference);
    assert.ok(base);
    assert.deepEqual(
      [base.family, base.user, base.account?.name, base.probers[0], base.hasBash],
      [family, user, account, prober, bash],
    );
  });

test("the same account has the number the distribution gave it", () => {
  assert.equal(knownBase("php:8.4-fpm")?.account?.uid, 33);
  assert.equal(knownBase("php:8.4-fpm-alpine")?.account?.uid, 82);
});

test("a server that starts as root on purpose says why", () => {
  assert.match(knownBase("postgres:17")?.rootOnPurpose ?? "", /gives root up/);
  assert.match(knownBase("php:8.4-apache")?.rootOnPurpose ?? "", /Apache/);
  assert.equal(knownBase("php:8.4-cli")?.rootOnPurpose, undefined);
});

test("Red Hat's images for applications have a user, plain UBI has root", () => {
  assert.equal(knownBase("registry.access.redhat.com/ubi9/nodejs-22")?.account?.uid, 1001);
  assert.equal(knownBase("registry.redhat.io/ubi8/openjdk-17:1.20")?.account?.uid, 185);
  assert.equal(knownBase("registry.access.redhat.com/ubi9/ubi-minimal")?.user, "root");
  assert.equal(knownBase("registry.access.redhat.com/ubi9")?.user, "root");
});

test("only an entrypoint that drops root counts as one", () => {
  assert.equal(knownBase("redis:8")?.dropsRoot, true);
  assert.equal(knownBase("nginx:1.29")?.dropsRoot, false);
});

test("nothing is said of an image nobody described", () => {
  assert.equal(knownBase("registry.example.com/team/app:1"), undefined);
  assert.equal(knownBase("NOT a reference"), undefined);
});
