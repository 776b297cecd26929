/** Elixir and Erlang. */
import { type Call, placesOf, type Row, takes } from "../call.ts";
import { NOTHING, TREE } from "./acts.ts";

export const ELIXIR: readonly Row[] = [
  {
    programs: "mix",
    acts: {
      "local.hex|local.rebar|archive.install": { does: "dependencies", writes: "$MIX_HOME/**" },
      "deps.get|deps.update": {
        does: "dependencies",
        reads: "mix.exs mix.lock config/** apps/**",
        writes: "deps/** $HEX_HOME/** mix.lock",
      },
      "deps.compile|compile": {
        does: "build",
        reads: "mix.exs mix.lock deps/** config/** lib/** src/** ./**",
        writes: "_build/** deps/**",
      },
      "release|escript.build": {
        does: "build",
        reads: "./**",
        writes: (call: Call) => placesOf(call, "@--path/** _build/** ./*"),
      },
      "assets.deploy|assets.build|assets.setup|phx.digest|phx.gen.release|ecto.setup": {
        does: "build",
        reads: "./**",
        writes: "priv/** assets/** _build/** rel/** lib/**",
        usual: true,
      },
      do: TREE,
      "*": TREE,
      "": NOTHING,
    },
    syntax: takes("", "path only env"),
  },
  { programs: "rebar3", local: true, acts: { "*": { ...TREE, writes: "_build/** $XDG_CACHE_HOME/rebar3/**" } } },
  { programs: "elixir erl iex", acts: { "*": NOTHING, "": NOTHING } },
];
