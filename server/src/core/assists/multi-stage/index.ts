/** The recipes, in the order they are asked: the first that knows a file decides. */
import type { Recipe } from "./recipe.ts";
import { go } from "./recipes/go.ts";

export const RECIPES: readonly Recipe[] = [go];
