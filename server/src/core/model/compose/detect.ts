/** Is a YAML text a compose file, whatever it is called? Told from its lines: most YAML files are none, and need not be parsed. */

/** `services:` at the left margin, with names below it. */
const SERVICES = /^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*([ \t]+)[\w."'-]+:/m;
/** What services have and other files' `services:` do not: GitLab and GitHub name images there too, in lists or in jobs. */
const OWN_KEY = /^[ \t]+(?:image|build|extends):/m;
/** Top-level keys of other files that have `services:`. */
const OTHERS = /^(?:apiVersion|kind|jobs|stages|language|pipeline|steps|parameters|imports|framework|functions):/m;

export const isCompose = (text: string): boolean => SERVICES.test(text) && OWN_KEY.test(text) && !OTHERS.test(text);
