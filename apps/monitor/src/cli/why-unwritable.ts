/** Why a file could not be opened or written, in words beside the system's code. @throws what is no error of the system. */
export function whyUnwritable(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const code = "code" in error ? String(error.code) : "";
  const words = WORDS[code];
  return words === undefined ? error.message : `${code}, ${words}`;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "it may not be written to; name a place that may",
  EDQUOT: "there is no space left for this user",
  EISDIR: "it is a folder; name a file",
  ENOENT: "its folder is not there or takes no file; make it, or name another",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file stands where its folder should be",
  EPERM: "it may not be written to; name a place that may",
  EROFS: "the disk may only be read",
};
