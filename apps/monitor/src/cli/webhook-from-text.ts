import { UsageError } from "./usage-error.ts";

/** Reads the address of `--webhook`. @throws LF_USAGE where it is none of http or https, or holds a password. */
export function webhookFromText(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new UsageError(
      `--webhook takes an address that begins with https:// or http://, not ${JSON.stringify(text)}.`,
    );
  if (url.username !== "" || url.password !== "")
    throw new UsageError("--webhook takes an address without a user and a password in it.");
  return url;
}
