/** What Maven, Gradle and .NET projects say, and the XML they are written in. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readDotnetProject } from "../../server/src/core/model/project/csproj.ts";
import { readGradle, readGradleSettings } from "../../server/src/core/model/project/gradle.ts";
import { readPom, runnableArchive } from "../../server/src/core/model/project/pom.ts";
import { readXml, xmlTextAt } from "../../server/src/core/model/project/xml.ts";
import { readerTests } from "./cases.ts";

/** The text, the way to an element, its text. */
const XML: readonly (readonly [string, string, readonly string[], string | undefined])[] = [
  ["elements", `<a><b>x</b></a>`, ["b"], "x"],
  [
    "a declaration, a comment, a doctype",
    `<?xml version="1.0"?><!-- <a/> --><!DOCTYPE a [<!ENTITY x "y">]>\n<a><b> x </b></a>`,
    ["b"],
    "x",
  ],
  ["CDATA and entities", `<a><b><![CDATA[1<2]]> &amp; &#x41;&#66; &nbsp;</b></a>`, ["b"], "1<2 & AB &nbsp;"],
  ["a prefix is dropped", `<m:a xmlns:m="x"><m:b>y</m:b></m:a>`, ["b"], "y"],
  ["text around children", `<a><b>x<c>y</c>z</b></a>`, ["b"], "xz"],
  ["empty elements", `<a><b/><b>x</b></a>`, ["b"], undefined],
  ["what is never closed", `<a><b>x`, ["b"], "x"],
  ["closed from outside", `<a><b>x<c>y</b><d>z</d></a>`, ["d"], "z"],
  ["closed and never opened", `<a></x><b>y</b></a>`, ["b"], "y"],
  ["a tag that another interrupts", `<a <b>x</b></a>`, ["b"], "x"],
  ["no element", `hello`, [], undefined],
];

for (const [about, text, path, expected] of XML)
  test(`XML: ${about}`, () => assert.equal(xmlTextAt(readXml(text), ...path), expected));

test("XML: attributes of either quote, and depth without end", () => {
  assert.deepEqual(
    [...(readXml(`<a b="1" c='2&lt;' x:d = "3" e f></a>`)?.attributes ?? [])],
    [
      ["b", "1"],
      ["c", "2<"],
      ["d", "3"],
    ],
  );
  assert.ok(readXml("<a>".repeat(100_000)));
});

const pom = (inner: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">${inner}</project>`;
const plugin = (name: string, rest = ""): string =>
  `<build><plugins><plugin><artifactId>${name}</artifactId>${rest}</plugin></plugins></build>`;
const NAMED = "<groupId>g</groupId><artifactId>demo</artifactId><version>1.0</version>";

readerTests("pom.xml", readPom, [
  [
    "Spring Boot's parent, properties, dependencies",
    pom(`<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.4.1</version></parent>
      <groupId>g</groupId><artifactId>demo</artifactId><version>\${revision}</version><name>Demo</name>
      <properties><revision>2.\${minor}</revision><minor>7</minor><java.version>21</java.version></properties>
      <modules><module>core</module><module>web</module></modules>
      <profiles><profile><id>x</id></profile></profiles>
      <dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><scope>runtime</scope></dependency></dependencies>
      <build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>
        <executions><execution><goals><goal>repackage</goal></goals><configuration><classifier>exec</classifier></configuration></execution></executions>
      </plugin></plugins></build>`),
    {
      artifactId: "demo",
      version: "2.7",
      packaging: "jar",
      finalName: "demo-2.7",
      springBoot: "3.4.1",
      javaVersion: "21",
      modules: ["core", "web"],
      hasProfiles: true,
      dependencies: [{ groupId: "org.postgresql", artifactId: "postgresql", version: undefined, scope: "runtime" }],
      plugins: [
        {
          artifactId: "spring-boot-maven-plugin",
          version: undefined,
          goals: ["repackage"],
          configuration: { classifier: "exec" },
        },
      ],
    },
  ],
  [
    "what the parent gives",
    pom(
      `<parent><groupId>g</groupId><artifactId>p</artifactId><version>3</version></parent><artifactId>a</artifactId>`,
    ),
    { groupId: "g", version: "3", finalName: "a-3", springBoot: undefined },
  ],
  [
    "Spring Boot without its parent",
    pom(
      `${NAMED}<dependencyManagement><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId><version>2.7.18</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>`,
    ),
    { springBoot: "2.7.18" },
  ],
  [
    "a name with properties",
    pom(`${NAMED}<build><finalName>\${project.artifactId}-app</finalName></build>`),
    { finalName: "demo-app" },
  ],
  [
    "a name with what the parent gives",
    pom(
      `<parent><groupId>g</groupId><artifactId>p</artifactId><version>3</version></parent><artifactId>a</artifactId><build><finalName>\${project.groupId}-\${project.version}</finalName></build>`,
    ),
    { finalName: "g-3" },
  ],
  ["a name nobody knows", pom(`${NAMED}<build><finalName>\${env.NAME}</finalName></build>`), { finalName: undefined }],
  [
    "a version nobody knows",
    pom(`<artifactId>a</artifactId><version>\${revision}</version>`),
    { version: undefined, finalName: undefined },
  ],
  [
    "properties that stand for each other",
    pom(`${NAMED}<properties><a>\${b}</a><b>\${a}</b></properties><build><finalName>\${a}</finalName></build>`),
    { finalName: undefined },
  ],
  ["something else in XML", `<settings/>`, undefined],
  ["no XML", `hello`, undefined],
]);

test("pom.xml: properties that multiply end", () => {
  const properties = [...Array(60).keys()].map((at) => `<p${at}>${`\${p${at + 1}}`.repeat(10)}</p${at}>`).join("");
  assert.equal(
    readPom(pom(`<artifactId>\${p0}</artifactId><properties>${properties}<p60>x</p60></properties>`))?.artifactId,
    undefined,
  );
});

/** What Maven puts below target, as its plugins document it. */
const ARCHIVES: readonly (readonly [string, string, string | undefined])[] = [
  ["a plain jar", pom(NAMED), "demo-1.0.jar"],
  ["a war", pom(`${NAMED}<packaging>war</packaging>`), "demo-1.0.war"],
  ["a parent of others", pom(`${NAMED}<packaging>pom</packaging>`), undefined],
  ["Spring Boot", pom(NAMED + plugin("spring-boot-maven-plugin")), "demo-1.0.jar"],
  [
    "Spring Boot with a classifier",
    pom(NAMED + plugin("spring-boot-maven-plugin", "<configuration><classifier>exec</classifier></configuration>")),
    "demo-1.0-exec.jar",
  ],
  ["shaded", pom(NAMED + plugin("maven-shade-plugin")), "demo-1.0.jar"],
  [
    "shaded beside the plain one",
    pom(
      NAMED +
        plugin(
          "maven-shade-plugin",
          "<configuration><shadedArtifactAttached>true</shadedArtifactAttached></configuration>",
        ),
    ),
    "demo-1.0-shaded.jar",
  ],
  [
    "an assembly",
    pom(
      NAMED +
        plugin(
          "maven-assembly-plugin",
          "<configuration><descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs></configuration>",
        ),
    ),
    "demo-1.0-jar-with-dependencies.jar",
  ],
  ["an assembly of its own kind", pom(NAMED + plugin("maven-assembly-plugin")), undefined],
  ["Quarkus", pom(NAMED + plugin("quarkus-maven-plugin")), "quarkus-app/quarkus-run.jar"],
  ["a version nobody knows", pom(`<artifactId>a</artifactId><version>\${x}</version>`), undefined],
];

for (const [about, text, expected] of ARCHIVES)
  test(`what runs below target: ${about}`, () => {
    const found = readPom(text);
    assert.ok(found);
    assert.equal(runnableArchive(found), expected);
  });

test("the example's pom.xml", () => {
  const found = readPom(readFileSync(new URL("../../examples/java/pom.xml", import.meta.url), "utf8"));
  assert.ok(found);
  assert.equal(runnableArchive(found), "clock.jar");
  assert.equal(found.javaVersion, "17");
});

readerTests("build.gradle", readGradle, [
  [
    "Kotlin",
    `plugins {
    java
    id("org.springframework.boot") version "3.4.1"
    id("x") version "1" apply false
    kotlin("jvm") version "2.1.0"
    alias(libs.plugins.shadow)
}

group = "com.example"
version = "0.0.1-SNAPSHOT" // the version

java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }

dependencies {
    implementation("org.springframework.boot:spring-boot-starter-web")
    runtimeOnly("org.postgresql:postgresql:42.7.4")
    implementation(project(":core"))
    implementation(libs.guava)
}

tasks.named<BootJar>("bootJar") {
    archiveFileName.set("app.jar")
}
tasks.jar { enabled = false }
application { mainClass.set("com.example.MainKt") }
`,
    {
      plugins: [
        { id: "java", version: undefined },
        { id: "org.springframework.boot", version: "3.4.1" },
        { id: "org.jetbrains.kotlin.jvm", version: "2.1.0" },
      ],
      aliases: ["libs.plugins.shadow"],
      group: "com.example",
      version: "0.0.1-SNAPSHOT",
      javaVersion: "21",
      mainClass: "com.example.MainKt",
      archives: { bootJar: { fileName: "app.jar" }, jar: { enabled: false } },
      projects: [":core"],
      dependencies: [
        { configuration: "implementation", notation: "org.springframework.boot:spring-boot-starter-web" },
        { configuration: "runtimeOnly", notation: "org.postgresql:postgresql:42.7.4" },
      ],
    },
  ],
  [
    "Groovy",
    `plugins {
  id 'java'
  id 'com.gradleup.shadow' version '8.3.5'
}
apply plugin: 'application'
/* version = '9' */
version '1.2'
sourceCompatibility = '17'
archivesBaseName = 'tool'
mainClassName = 'com.example.Main'
shadowJar {
  archiveBaseName = 'all'
  archiveClassifier = ''
  archiveVersion = "\${project.version}"
}
dependencies {
  implementation 'redis.clients:jedis:5.2.0'
  testImplementation "junit:junit:4.13"
}
`,
    {
      plugins: [
        { id: "java", version: undefined },
        { id: "com.gradleup.shadow", version: "8.3.5" },
        { id: "application", version: undefined },
      ],
      version: "1.2",
      javaVersion: "17",
      mainClass: "com.example.Main",
      archives: { "": { baseName: "tool" }, shadowJar: { baseName: "all", classifier: "" } },
      dependencies: [
        { configuration: "implementation", notation: "redis.clients:jedis:5.2.0" },
        { configuration: "testImplementation", notation: "junit:junit:4.13" },
      ],
    },
  ],
  ["a version that is computed", `version = "1." + build\ngroup = "\${x}"`, { version: undefined, group: undefined }],
  [
    "a toolchain on one line, plugins of all parts, versions in variables",
    `plugins {
  val springVersion = "3.4.1"
  application
  id("org.springframework.boot") version springVersion
}
subprojects {
  apply(plugin = "java-library")
  java { toolchain.languageVersion.set(JavaLanguageVersion.of(21)) }
}`,
    {
      javaVersion: "21",
      plugins: [
        { id: "application", version: undefined },
        { id: "org.springframework.boot", version: undefined },
        { id: "java-library", version: undefined },
      ],
    },
  ],
  ["VERSION_17", `java { sourceCompatibility = JavaVersion.VERSION_17 }`, { javaVersion: "17" }],
  ["VERSION_1_8", `sourceCompatibility = JavaVersion.VERSION_1_8`, { javaVersion: "8" }],
  ["jvmToolchain", `kotlin { jvmToolchain(21) }`, { javaVersion: "21" }],
  ["nothing", ``, { plugins: [], version: undefined, archives: {} }],
]);

readerTests("settings.gradle", readGradleSettings, [
  [
    "Groovy",
    `rootProject.name = 'shop'\ninclude 'core', 'api'\ninclude ':web'`,
    { name: "shop", includes: ["core", "api", ":web"] },
  ],
  ["Kotlin", `rootProject.name = "shop"\ninclude("core")`, { name: "shop", includes: ["core"] }],
  ["computed", `rootProject.name = name()`, { name: undefined, includes: [] }],
]);

readerTests("*.csproj", readDotnetProject, [
  [
    "a web project",
    `\uFEFF<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net9.0</TargetFramework>
    <AssemblyName>Shop.Api</AssemblyName>
    <PublishAot>true</PublishAot>
    <SelfContained>False</SelfContained>
    <RuntimeIdentifier Condition="'$(X)' == ''">linux-x64</RuntimeIdentifier>
    <RootNamespace>$(MSBuildProjectName)</RootNamespace>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Npgsql" Version="9.0.2" />
    <PackageReference Include="Serilog"><Version>4.2.0</Version></PackageReference>
    <PackageReference Include="Central" />
    <ProjectReference Include="..\\Core\\Core.csproj" />
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
  </ItemGroup>
</Project>`,
    {
      sdk: "Microsoft.NET.Sdk.Web",
      assemblyName: "Shop.Api",
      targetFrameworks: ["net9.0"],
      publishAot: true,
      selfContained: false,
      publishTrimmed: undefined,
      runtimeIdentifier: undefined,
      conditional: ["RuntimeIdentifier", "RootNamespace"],
      packages: { Npgsql: "9.0.2", Serilog: "4.2.0", Central: "" },
      projects: ["../Core/Core.csproj"],
      frameworkReferences: ["Microsoft.AspNetCore.App"],
    },
  ],
  [
    "several frameworks, an Sdk with a version, an executable",
    `<Project Sdk="Microsoft.NET.Sdk/1.0"><PropertyGroup><TargetFrameworks>net8.0; net9.0</TargetFrameworks><OutputType>Exe</OutputType></PropertyGroup></Project>`,
    { sdk: "Microsoft.NET.Sdk", targetFrameworks: ["net8.0", "net9.0"], outputType: "Exe", assemblyName: undefined },
  ],
  [
    "a condition on the group",
    `<Project><PropertyGroup Condition="'$(C)'=='Release'"><PublishAot>true</PublishAot></PropertyGroup></Project>`,
    { publishAot: undefined, conditional: ["PublishAot"] },
  ],
  ["something else", `<Solution/>`, undefined],
]);
