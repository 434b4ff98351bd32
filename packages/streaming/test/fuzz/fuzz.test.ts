import { expect, test } from "vitest";
import { SEED } from "../seeded-random.ts";
import { fuzz } from "./fuzz.mjs";

test(
  "damaged files are read or refused with a code, in time, and not as something else where their framing says so",
  { timeout: 60_000 },
  async () => {
    const { counts, failures } = await fuzz({ mutations: 2000, seed: SEED });
    expect(failures).toEqual([]);
    // The damage is neither so small that it never shows nor so large that nothing is ever read.
    for (const [name, { refused, same, other }] of Object.entries(counts)) {
      expect([name, refused > 20, same + other > 0]).toEqual([name, true, true]);
    }
  },
);
