import { describe, expect, test } from "vitest";
import { AccessError, NotFoundError } from "../../../provider/api/errors";
import { goneAtUpdate, notApplied, unlessGone } from "../../../provider/lifecycle/doubt/writing";
import { failureOf } from "../../api/setup";

const call = { doing: "update webhook w1", aftermath: "refused" } as const;

describe("a write of an update", () => {
  test("passes its answer on", async () => {
    expect(await unlessGone("webhook", "w1", Promise.resolve("done"))).toBe("done");
  });

  test("that finds nothing says that the object is gone, and to refresh", async () => {
    const notFound = new NotFoundError({ ...call, status: 404 }, "Check the id.");
    const error = await failureOf(unlessGone("webhook", "w1", Promise.reject(notFound)));
    expect(error.message).toBe(goneAtUpdate("webhook", "w1").message);
    expect(error.message).toBe(
      "The webhook w1 is gone. Run `pulumi refresh`; the next `pulumi up` makes a new one.",
    );
  });

  test("passes every other failure on", async () => {
    const forbidden = new AccessError({ ...call, status: 403 }, "Check the key.");
    expect(await failureOf(unlessGone("webhook", "w1", Promise.reject(forbidden)))).toBe(forbidden);
  });
});

test("a write that a read does not show says what was not set, and to run up again", () => {
  expect(notApplied("webhook", "w1", ["url"]).message).toBe(
    "The service answered that url of webhook w1 was set, but does not show what the program declares. Run `pulumi up` " +
      "again to send it once more. If that does not help, see in the dashboard what the service has, and ask its " +
      "support, or declare that.",
  );
});
