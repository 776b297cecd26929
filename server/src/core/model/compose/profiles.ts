/** Profiles: a service that has any is there only while one of them is on. */
import { fieldOf, itemsOf, perService, textOf } from "./fields.ts";

export const profilesOf = perService(({ map }): readonly string[] =>
  itemsOf(fieldOf(map, "profiles")?.value).flatMap((item) => textOf(item) ?? []),
);
