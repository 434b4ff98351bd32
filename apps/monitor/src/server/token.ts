import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Makes the secret of one start: 192 random bits, as text that stands in an address. */
export function createToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Tells whether two texts are equal, in a time that says nothing of where they differ. */
export function isSameToken(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
