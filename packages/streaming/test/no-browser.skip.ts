import { test } from "vitest";

test.skip("browser tests: no Chromium at $CHROMIUM or /usr/bin/chromium", () => {});
