/** Why the system did not let a file be read or written, in words for people. */

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist",
  EACCES: "permission denied",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ENOTDIR: "a part of its path is no directory",
  EISDIR: "it is a directory",
  EPIPE: "the reader closed it",
};

/** The reason behind an error of the file system; the system's own message when there are no better words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
