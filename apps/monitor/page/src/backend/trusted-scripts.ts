/** The part of Trusted Types that this page needs; where a browser has none nothing is asked for. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string | null },
  ): { createScriptURL(url: string): object };
}

const policies = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

/** Vouches for the one address of a script that this page makes up: its own worker's. */
export function trustedWorker(url: string): string {
  return policies === undefined
    ? url
    : (policies
        .createPolicy("lossflow-worker", { createScriptURL: () => url })
        .createScriptURL("") as unknown as string);
}

/** Lets the engine start its workers, of this page's own script for them and of no other. */
export function trustEngineWorkers(): void {
  const own = (url: string): string | null => {
    const { origin, pathname, search } = new URL(url, location.href);
    return origin === location.origin && pathname === "/engine-worker.js" && search === "" ? url : null;
  };
  policies?.createPolicy("default", { createScriptURL: own });
}
