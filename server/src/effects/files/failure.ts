/** A file or folder that could not be used, said so that a person knows what to do. */

export interface FileFailure {
  readonly path: string;
  /** What is wrong and what to do, to be read behind the path. */
  readonly message: string;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist; check the path",
  EACCES: "may not be accessed; check its owner and permissions",
  EPERM: "may not be accessed; check its owner and permissions",
  EISDIR: "is a folder; name a file in it",
  ENOTDIR: "is below something that is no folder; check the path",
  ELOOP: "is a symbolic link that leads to itself; mend the link",
  ENAMETOOLONG: "has too long a name; check the path",
  EMFILE: "could not be opened, too many files are open; close some programs and run again",
  ENOSPC: "could not be written, the disk is full; make room and run again",
  EROFS: "is on a read-only file system; copy it elsewhere",
};

export function failureOf(path: string, error: unknown): FileFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const reason = REASONS[code] ?? `could not be used: ${error instanceof Error ? error.message : String(error)}`;
  return { path, message: reason };
}
