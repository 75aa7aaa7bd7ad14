import { describe, expect, test } from "vitest";
import { delayBeforeNext, type FailedAttempt, parseRetryAfter } from "../../provider/api/retry";

const failed: FailedAttempt = {
  retry: "repeatable",
  attempt: 1,
  maxRetries: 3,
  outcome: { kind: "no usable answer" },
  spentMilliseconds: 0,
  operationTimeoutMilliseconds: 120_000,
};
const longest = () => 1;
const shortest = () => 0;

function afterStatus(status: number, retryAfterSeconds?: number): FailedAttempt {
  const asked = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { ...failed, outcome: { kind: "status", status, ...asked } };
}

describe("a call that may be repeated", () => {
  test.each([408, 429, 500, 502, 503, 504])("is repeated after %i", (status) => {
    expect(delayBeforeNext(afterStatus(status), longest)).toBe(500);
  });

  test.each([400, 401, 402, 403, 404, 409, 422, 501, 505])("is not repeated after %i", (status) => {
    expect(delayBeforeNext(afterStatus(status), longest)).toBe("stop");
  });

  test("is repeated when it was never sent and when its answer was lost", () => {
    expect(delayBeforeNext({ ...failed, outcome: { kind: "never sent" } }, longest)).toBe(500);
    expect(delayBeforeNext(failed, longest)).toBe(500);
  });

  test("is not repeated where it would end the same", () => {
    expect(delayBeforeNext({ ...failed, outcome: { kind: "final" } }, longest)).toBe("stop");
  });

  test("ends after the first attempt and its retries", () => {
    expect(delayBeforeNext({ ...failed, attempt: 3 }, longest)).toBe(2_000);
    expect(delayBeforeNext({ ...failed, attempt: 4 }, longest)).toBe("stop");
    expect(delayBeforeNext({ ...failed, maxRetries: 0 }, longest)).toBe("stop");
  });

  test("is repeated after 429 for as long as there is time, however often that is", () => {
    const turnedAway = { ...afterStatus(429), attempt: 40 };
    expect(delayBeforeNext(turnedAway, longest)).toBe(8_000);
    expect(delayBeforeNext({ ...turnedAway, maxRetries: 0 }, longest)).toBe(8_000);
    expect(delayBeforeNext({ ...turnedAway, spentMilliseconds: 112_000 }, longest)).toBe("stop");
    expect(delayBeforeNext({ ...afterStatus(503), attempt: 40 }, longest)).toBe("stop");
  });
});

describe("a call that is sent once", () => {
  test("is sent again only if it never left", () => {
    expect(delayBeforeNext({ ...failed, retry: "once", outcome: { kind: "never sent" } }, longest)).toBe(500);
    expect(delayBeforeNext({ ...failed, retry: "once" }, longest)).toBe("stop");
    expect(delayBeforeNext({ ...afterStatus(503, 1), retry: "once" }, longest)).toBe("stop");
    expect(delayBeforeNext({ ...afterStatus(429, 1), retry: "once" }, longest)).toBe("stop");
  });
});

describe("the delay", () => {
  test("doubles up to eight seconds, with full jitter", () => {
    const delays = [1, 2, 3, 4, 5, 6, 1_100].map((attempt) =>
      delayBeforeNext({ ...failed, attempt, maxRetries: 2_000 }, longest),
    );
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    expect(delayBeforeNext({ ...failed, attempt: 3 }, () => 0.25)).toBe(500);
    expect(delayBeforeNext(failed, shortest)).toBe(0);
  });

  test("is at least what the service asks for", () => {
    expect(delayBeforeNext(afterStatus(429, 7), longest)).toBe(7_000);
    expect(delayBeforeNext(afterStatus(503, 60), longest)).toBe(60_000);
    expect(delayBeforeNext(afterStatus(503, 0), longest)).toBe(500);
  });

  test("is none when the service asks for more than a minute", () => {
    expect(delayBeforeNext(afterStatus(429, 61), longest)).toBe("stop");
    expect(delayBeforeNext(afterStatus(429, Number.MAX_SAFE_INTEGER), longest)).toBe("stop");
  });

  test("is none when it would pass the end of the operation", () => {
    expect(delayBeforeNext({ ...failed, spentMilliseconds: 119_499 }, longest)).toBe(500);
    expect(delayBeforeNext({ ...failed, spentMilliseconds: 119_500 }, longest)).toBe("stop");
    expect(delayBeforeNext({ ...afterStatus(429, 60), spentMilliseconds: 61_000 }, shortest)).toBe("stop");
  });
});

describe("Retry-After", () => {
  const now = Date.parse("Wed, 01 Jul 2026 12:00:00 GMT");

  test.each([
    ["0", 0],
    [" 120 ", 120],
    ["9".repeat(400), Number.MAX_SAFE_INTEGER],
    ["Wed, 01 Jul 2026 12:00:30 GMT", 30],
    ["Wed, 01 Jul 2026 11:00:00 GMT", 0],
  ])("%s is understood", (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  test.each([undefined, "", "-1", "1.5", "soon", "2026-07-01T12:00:30Z", "Wed, soon GMT"])(
    "%s is not",
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );
});
