/** The recipes, in the order they are asked: the first that knows a file decides. */
import type { Recipe } from "./recipe.ts";
import { c } from "./recipes/c.ts";
import { go } from "./recipes/go.ts";
import { dotnet } from "./recipes/dotnet.ts";
import { elixir } from "./recipes/elixir.ts";
import { jvm } from "./recipes/jvm.ts";
import { node } from "./recipes/node.ts";
import { python } from "./recipes/python.ts";
import { php } from "./recipes/php.ts";
import { ruby } from "./recipes/ruby.ts";
import { rust } from "./recipes/rust.ts";

// Projects of other languages use make as well: C comes last.
export const RECIPES: readonly Recipe[] = [go, rust, jvm, python, node, ruby, php, dotnet, elixir, c];
