/** .NET. */
import { type Call, type Outcome, placesOf, type Row, takes, valueOf } from "../call.ts";
import { cleans, NOTHING, TREE } from "./acts.ts";

const DOTNET_SYNTAX = takes(
  "ocrfav",
  "output configuration runtime framework arch os verbosity source version packages tool-path version-suffix",
);
const DOTNET_READS = "@all ./** $NUGET_PACKAGES/**";
function dotnetBuild(fallback: string): (call: Call) => Outcome {
  return (call) => {
    const out = valueOf(call, "-o", "--output");
    const objects = "obj/** **/obj/** $NUGET_PACKAGES/**";
    return {
      does: "build",
      reads: placesOf(call, DOTNET_READS),
      writes: placesOf(call, out === undefined ? `${fallback} ${objects}` : `@-o,--output/** ${objects}`),
    };
  };
}

export const DOTNET: readonly Row[] = [
  {
    programs: "dotnet",
    syntax: DOTNET_SYNTAX,
    acts: {
      "": NOTHING,
      restore: {
        does: "dependencies",
        reads: "@all **/*.csproj *.sln Directory.*.props nuget.config NuGet.Config packages.lock.json",
        writes: "$NUGET_PACKAGES/** obj/** **/obj/**",
      },
      "publish|build|msbuild": dotnetBuild("bin/** **/bin/**"),
      pack: dotnetBuild("bin/** **/bin/**"),
      test: { does: "nothing", reads: DOTNET_READS, writes: "bin/** **/bin/** obj/** **/obj/**" },
      run: { ...TREE },
      "tool install|tool update": { does: "dependencies", writes: "@--tool-path|~/.dotnet/tools/**" },
      "tool restore": { does: "dependencies", reads: ".config/dotnet-tools.json", writes: "$NUGET_PACKAGES/**" },
      "new|add|sln": { does: "files", writes: "./**" },
      "nuget|nuget locals|clean": cleans("$NUGET_PACKAGES/**"),
      "dev-certs|dev-certs https|workload|workload install|workload restore|ef": {
        does: "files",
        writes: "~/.dotnet/** ~/.aspnet/** /usr/share/dotnet/**",
      },
      "help|--info|--version": NOTHING,
    },
  },
  {
    programs: "nuget",
    acts: { restore: { does: "dependencies", reads: "./**", writes: "$NUGET_PACKAGES/** packages/**" } },
  },
];
