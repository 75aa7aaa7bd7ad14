import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { forEngine, messageOf, PartialFailureError } from "../../provider/protocol/failures";

describe("a failure that saves the resource", () => {
  const inputs = { alias: "Acme", __provider: "stub" };
  const outputs = { password: "CANARY", host: undefined, __unfinished: true };
  const failure = new PartialFailureError("abc", inputs, outputs, "Credential abc is not finished.");

  test("has what the engine needs: id, reasons, and outputs with the stub", () => {
    expect(failure).toMatchObject({ id: "abc", reasons: ["Credential abc is not finished."] });
    expect(failure.properties).toStrictEqual({ password: "CANARY", __unfinished: true, __provider: "stub" });
    expect(failure.message).toBe("Credential abc is not finished.");
  });

  test("shows no secret to whoever prints it in full", () => {
    const shown = [
      inspect(failure, { depth: null, showHidden: false }),
      JSON.stringify(failure),
      String(failure),
      failure.stack,
      JSON.stringify({ ...failure }),
    ];
    expect(shown.join("\n")).not.toContain("CANARY");
  });
});

describe("an error for the engine", () => {
  test("has its message, and no stack trace for anybody's terminal", () => {
    const error = forEngine(new TypeError("Something is wrong."));
    expect(error.stack).toBe("");
    expect(error.message).toBe("Something is wrong.");
    expect(error.name).toBe("TypeError");
  });

  test.each(["a text with a secret", { password: "secret" }, undefined, null])(
    "is one whatever was thrown, and says nothing of it: %j",
    (thrown) => {
      const error = forEngine(thrown);
      expect(error).toBeInstanceOf(Error);
      expect(`${error.message}${error.stack}`).toBe("unexpected failure");
    },
  );
});

test("the text of anything thrown is an error's message, or the thing itself", () => {
  expect(messageOf(new Error("Something is wrong."))).toBe("Something is wrong.");
  expect(messageOf("Something is wrong.")).toBe("Something is wrong.");
});
