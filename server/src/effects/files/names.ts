/** Which file names are Dockerfiles when a folder is searched. A file a person names is always taken. */

const DOCKERFILE = /^(?:dockerfile(?:\..+)?|.+\.dockerfile|containerfile(?:\..+)?)$/i;
const IGNORE_FILE = /\.(?:docker|container)?ignore$/i;

export const isDockerfileName = (name: string): boolean => DOCKERFILE.test(name) && !IGNORE_FILE.test(name);

/** Folders that hold other people's files, or none. */
export const NEVER_SEARCHED: ReadonlySet<string> = new Set([".git", "node_modules"]);
