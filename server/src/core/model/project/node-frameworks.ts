/** The frameworks a package.json names, and what each of them makes of the sources. */
import { type PackageJson, productionDependencies } from "./package-json.ts";

export type FrameworkKind =
  /** Builds pages and serves them with a server of its own, or writes files: its configuration decides. */
  | "full stack"
  /** Builds files that any web server can serve. */
  | "single page"
  /** Writes a site of files. */
  | "static site"
  /** A library for servers: the project's own code listens. */
  | "server";

interface Row {
  readonly name: string;
  /** Packages any of which says that it is used. */
  readonly packages: readonly string[];
  readonly kind: FrameworkKind;
  /** Where its build writes unless its configuration says otherwise. */
  readonly output?: string;
  /** The port its server listens on unless somebody says otherwise. */
  readonly port?: number;
}

export interface Framework extends Row {
  /** The package found, and the versions asked for. */
  readonly dependency: string;
  readonly wanted: string;
  /** It stands among the development dependencies alone. */
  readonly isDevelopment: boolean;
}

/** What is more particular stands first: Nuxt uses Vite, and Nest uses Express. */
const FRAMEWORKS: readonly Row[] = [
  { name: "Next.js", packages: ["next"], kind: "full stack", output: ".next", port: 3000 },
  {
    name: "Nuxt",
    packages: ["nuxt", "nuxt3", "nuxt-edge", "nuxt-nightly"],
    kind: "full stack",
    output: ".output",
    port: 3000,
  },
  {
    name: "Remix",
    packages: ["@remix-run/react", "@remix-run/node", "@remix-run/serve", "@remix-run/dev"],
    kind: "full stack",
    output: "build",
    port: 3000,
  },
  {
    name: "React Router",
    packages: ["@react-router/dev", "@react-router/serve", "@react-router/node"],
    kind: "full stack",
    output: "build",
    port: 3000,
  },
  { name: "SvelteKit", packages: ["@sveltejs/kit"], kind: "full stack", output: "build", port: 3000 },
  { name: "Astro", packages: ["astro"], kind: "full stack", output: "dist", port: 4321 },
  {
    name: "SolidStart",
    packages: ["@solidjs/start", "solid-start"],
    kind: "full stack",
    output: ".output",
    port: 3000,
  },
  {
    name: "TanStack Start",
    packages: ["@tanstack/react-start", "@tanstack/start"],
    kind: "full stack",
    output: ".output",
    port: 3000,
  },
  { name: "Qwik City", packages: ["@builder.io/qwik-city", "@qwik.dev/router"], kind: "full stack", output: "dist" },
  { name: "Gatsby", packages: ["gatsby"], kind: "static site", output: "public" },
  { name: "Docusaurus", packages: ["@docusaurus/core"], kind: "static site", output: "build" },
  { name: "VitePress", packages: ["vitepress"], kind: "static site", output: ".vitepress/dist" },
  { name: "VuePress", packages: ["vuepress"], kind: "static site" },
  { name: "Eleventy", packages: ["@11ty/eleventy"], kind: "static site", output: "_site" },
  { name: "NestJS", packages: ["@nestjs/core"], kind: "server", output: "dist", port: 3000 },
  { name: "AdonisJS", packages: ["@adonisjs/core"], kind: "server", output: "build", port: 3333 },
  { name: "Strapi", packages: ["@strapi/strapi", "strapi"], kind: "server", output: "dist", port: 1337 },
  { name: "Keystone", packages: ["@keystone-6/core"], kind: "server", output: ".keystone", port: 3000 },
  { name: "Directus", packages: ["directus"], kind: "server", port: 8055 },
  { name: "Medusa", packages: ["@medusajs/medusa"], kind: "server", output: ".medusa/server", port: 9000 },
  { name: "Payload", packages: ["payload"], kind: "server" },
  { name: "Sails", packages: ["sails"], kind: "server", port: 1337 },
  { name: "LoopBack", packages: ["@loopback/core", "@loopback/rest"], kind: "server", output: "dist", port: 3000 },
  { name: "Feathers", packages: ["@feathersjs/feathers"], kind: "server", port: 3030 },
  { name: "Meteor", packages: ["meteor-node-stubs"], kind: "server" },
  {
    name: "Create React App",
    packages: ["react-scripts", "react-app-rewired", "@craco/craco"],
    kind: "single page",
    output: "build",
  },
  {
    name: "Angular",
    packages: ["@angular/cli", "@angular/build", "@angular-devkit/build-angular", "@angular/core"],
    kind: "single page",
  },
  { name: "Vue CLI", packages: ["@vue/cli-service"], kind: "single page", output: "dist" },
  {
    name: "Quasar",
    packages: ["@quasar/app-vite", "@quasar/app-webpack", "@quasar/app"],
    kind: "single page",
    output: "dist/spa",
  },
  { name: "Ionic", packages: ["@ionic/angular", "@ionic/react", "@ionic/vue"], kind: "single page" },
  { name: "Preact CLI", packages: ["preact-cli"], kind: "single page", output: "build" },
  { name: "Ember", packages: ["ember-cli"], kind: "single page", output: "dist" },
  { name: "Fastify", packages: ["fastify"], kind: "server" },
  { name: "Koa", packages: ["koa"], kind: "server" },
  { name: "Hono", packages: ["hono"], kind: "server" },
  { name: "hapi", packages: ["@hapi/hapi"], kind: "server" },
  { name: "restify", packages: ["restify"], kind: "server" },
  { name: "Polka", packages: ["polka"], kind: "server" },
  { name: "Elysia", packages: ["elysia"], kind: "server", port: 3000 },
  { name: "Express", packages: ["express"], kind: "server" },
  { name: "Apollo Server", packages: ["@apollo/server", "apollo-server"], kind: "server", port: 4000 },
  { name: "GraphQL Yoga", packages: ["graphql-yoga"], kind: "server", port: 4000 },
  { name: "Socket.IO", packages: ["socket.io"], kind: "server" },
  // What only bundles: any of the above may use it.
  { name: "Vite", packages: ["vite"], kind: "single page", output: "dist" },
  { name: "Rsbuild", packages: ["@rsbuild/core"], kind: "single page", output: "dist" },
  { name: "Parcel", packages: ["parcel", "parcel-bundler"], kind: "single page", output: "dist" },
];

/** The most particular first. */
export function frameworksOf(project: PackageJson): readonly Framework[] {
  const production = productionDependencies(project);
  return FRAMEWORKS.flatMap((row) => {
    const dependency =
      row.packages.find((name) => production.has(name)) ??
      row.packages.find((name) => project.devDependencies.has(name));
    if (dependency === undefined) return [];
    const wanted = production.get(dependency) ?? project.devDependencies.get(dependency) ?? "";
    return [{ ...row, dependency, wanted, isDevelopment: !production.has(dependency) }];
  });
}
