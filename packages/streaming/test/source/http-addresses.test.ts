import { expect, test } from "vitest";
import { httpSource } from "../../src/source/http-source.ts";

test.each([
  [{ patience: "5" }, 'patience is "5"; give milliseconds above 0.'],
  [{ patience: 0 }, "patience is 0; give milliseconds above 0."],
  [{ patiense: 5 }, "of a source on a server there is no patiense; did you mean patience?"],
  [5, "what was given of a source on a server, 5, is no object; leave it out."],
])("the options %o of a source on a server are refused", (options, why) => {
  expect(() => httpSource("https://host/long.arrow", options as object)).toThrow(
    expect.objectContaining({ code: "LF_BAD_OPTION", message: `An option is wrong: ${why}` }),
  );
});

test("an address that is none is refused, and a password is not shown", () => {
  const refused: readonly (readonly [unknown, string])[] = [
    ["ftp://host/file", '"ftp://host/file"'],
    ["ftp://user:secret@host/file", '"ftp://host/file"'],
    [new URL("ftp://user:secret@host/file"), '"ftp://host/file"'],
    ["ftp://user:se@cret@host/file", '"ftp://host/file"'],
    ["s3://user:se/cr@et@host/file", '"s3://host/file"'],
    [`s3://user:${"secret".repeat(20)}@host/file`, '"s3://host/file"'],
    ["s3://host/user@example", '"s3://host/user@example"'],
    ["", '""'],
    [5, "5"],
    [{}, "{}"],
    [Object.create(null), "{}"],
    [Symbol("a"), "symbol"],
    [undefined, "undefined"],
  ];
  for (const [given, shown] of refused) {
    const refusal = {
      code: "LF_BAD_OPTION",
      message: `${shown} is no address of http or https; give one such as https://host/table.parquet.`,
    };
    expect(() => httpSource(given as string)).toThrow(expect.objectContaining(refusal));
  }
  for (const secret of ["user:secret", "user:", ":secret", "user:se@cr%2Fet"])
    expect(httpSource(`https://${secret}@host:81/a@b.arrow`).name).toBe("https://host:81/a@b.arrow");
});
