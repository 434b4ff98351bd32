import { expect, test } from "vitest";
import { lossflow } from "./lossflow.ts";

test("losses lists the metrics too, and how to ask for them", async () => {
  const { exitCode, stdout } = await lossflow(["losses"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^bce_logits +-t ln p/m);
  expect(stdout).toMatch(/--metric ID/);
  expect(stdout).toMatch(/^confusion +accuracy, and the matrix.*\n +classes=none/m);
});

test("losses explains one loss or one metric", async () => {
  expect((await lossflow(["losses", "huber"])).stdout).toMatch(/delta +1 /);
  expect((await lossflow(["losses", "f1"])).stdout).toMatch(/threshold +0\.5 /);
  const { stdout } = await lossflow(["losses", "f_beta", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, losses: [], metrics: [{ id: "f_beta" }] });
});

test("a name that is neither a loss nor a metric is answered with the nearest of both", async () => {
  expect(await lossflow(["losses", "acuracy"])).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: 'lossflow: There is no loss or metric "acuracy": did you mean accuracy?\n',
  });
  expect((await lossflow(["losses", "wer", "--json"])).stderr).toBe(
    'lossflow: There is no loss or metric "wer": `lossflow losses` lists them.\n',
  );
});
