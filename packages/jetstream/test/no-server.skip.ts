import { test } from "vitest";

test.skip("@lossflow/jetstream over real servers: no nats-server is installed (.ci/install-nats-server.sh gets one; REQUIRE_NATS=1 makes this an error)", () => {});
