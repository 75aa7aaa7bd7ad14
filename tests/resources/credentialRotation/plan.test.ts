/** What an update of a credential rotation would do: a pure function of inputs, state and time. */
import { describe, expect, test } from "vitest";
import { unknownValue } from "../../../provider/protocol/unknowns";
import type {
  CredentialRotationInputs,
  CredentialRotationState,
} from "../../../provider/resources/credentialRotation/fields";
import {
  graceEndOf,
  planOf,
  promisedId,
  settledKeys,
} from "../../../provider/resources/credentialRotation/plan";

const day = 86_400_000;
const rotatedAt = Date.parse("2026-07-01T12:00:00.000Z");
const iso = (days: number) => new Date(rotatedAt + days * day).toISOString();
const credentialIds = ["a", "b"];
const declared = { credentialIds, triggers: "1", graceDays: 7, rotateAfterDays: 90 };

/** Rotated on day 0: `b` is active, and `a` works until day 7. */
const rotated: CredentialRotationState = {
  ...declared,
  __managed: "credentialIds,triggers,graceDays,rotateAfterDays",
  activeCredentialId: "b",
  previousCredentialId: "a",
  previousUserName: "acme-a",
  previousValidUntil: iso(7),
  rotatedAt: iso(0),
  nextRotationAt: iso(90),
};
const closed: CredentialRotationState = {
  ...rotated,
  previousCredentialId: null,
  previousValidUntil: null,
};

function planOn(days: number, olds: CredentialRotationState, changes: object = {}) {
  const news = { ...declared, ...changes } as CredentialRotationInputs;
  return planOf(olds, news, at(days));
}

/** Both clocks agree, unless said otherwise. */
function at(sure: number, latest = sure) {
  return { sure: rotatedAt + sure * day, latest: rotatedAt + latest * day };
}

describe("within the grace", () => {
  test("nothing is done where nothing differs", () => {
    expect(planOn(3, rotated)).toMatchObject({
      changed: [],
      rotates: false,
      closes: false,
      reschedules: false,
      refusal: undefined,
    });
  });

  test("another trigger is refused, with the day on which it works", () => {
    expect(planOn(3, rotated, { triggers: "2" }).refusal).toContain("works until 2026-07-08 12:00 UTC");
  });

  test("a trigger that is not known yet is not refused in preview", () => {
    expect(planOn(3, rotated, { triggers: unknownValue }).refusal).toBeUndefined();
  });

  test("an age that falls due waits", () => {
    expect(planOn(3, rotated, { rotateAfterDays: 2 })).toMatchObject({ isDue: true, rotates: false });
  });

  test("another number of days promises another end", () => {
    expect(planOn(3, rotated, { graceDays: 5 })).toMatchObject({
      graceEnd: rotatedAt + 5 * day,
      reschedules: true,
      closes: false,
    });
  });

  test("graceDays: 0 closes the previous login", () => {
    expect(planOn(3, rotated, { graceDays: 0 })).toMatchObject({ closes: true });
  });
});

describe("after the grace", () => {
  test("the previous login is closed", () => {
    expect(planOn(7, rotated)).toMatchObject({ closes: true, rotates: false });
  });

  test("another trigger rotates", () => {
    expect(planOn(8, closed, { triggers: "2" })).toMatchObject({ rotates: true, refusal: undefined });
  });

  test("nothing is due the day before the age, and a rotation on that day", () => {
    expect(planOn(89, closed)).toMatchObject({ isDue: false, rotates: false });
    expect(planOn(90, closed)).toMatchObject({ isDue: true, rotates: true });
  });

  test("without rotateAfterDays nothing is ever due", () => {
    const { rotateAfterDays: _, ...others } = declared;
    const plan = planOf(closed, others as CredentialRotationInputs, at(9000));
    expect(plan).toMatchObject({ dueAt: undefined, isDue: false, rotates: false, reschedules: true });
  });
});

describe("where the clocks disagree", () => {
  test("a grace and an age that are over by one of them only go on", () => {
    const news = declared as CredentialRotationInputs;
    expect(planOf(rotated, news, at(3, 200))).toMatchObject({ closes: false, isDue: false, rotates: false });
    expect(planOf(rotated, news, at(8, 200))).toMatchObject({ closes: true, isDue: false });
  });

  test("without a grace the previous login goes at once", () => {
    const news = { ...declared, graceDays: 0 } as CredentialRotationInputs;
    expect(planOf(rotated, news, at(-5, 0))).toMatchObject({ closes: true });
  });
});

describe("a previous login that was closed meanwhile", () => {
  test("is still the one that was promised its grace", () => {
    expect(promisedId({ ...closed, __promised: "a" })).toBe("a");
    expect(promisedId(closed)).toBe(undefined);
  });
});

describe("an open login that nobody was promised", () => {
  test("is closed at once: a rotation that failed halfway, or somebody, opened it", () => {
    const opened = { ...rotated, previousValidUntil: iso(0) };
    expect(planOn(0.1, opened)).toMatchObject({ closes: true, rotates: false });
  });
});

test("the grace ends with the expiration, if that is earlier", () => {
  expect(graceEndOf(rotatedAt, { graceDays: 7, expiration: iso(3) })).toBe(rotatedAt + 3 * day);
  expect(graceEndOf(rotatedAt, { graceDays: 7, expiration: iso(30) })).toBe(rotatedAt + 7 * day);
  expect(graceEndOf(rotatedAt, {})).toBe(rotatedAt + 7 * day);
});

test("a login that the service has closed on its day is left closed", () => {
  expect(settledKeys({ expiration: iso(3) }, { state: "inactive" }, rotatedAt + 4 * day)).toEqual(["state"]);
  expect(settledKeys({ expiration: iso(3) }, { state: "inactive" }, rotatedAt + 2 * day)).toEqual([]);
  expect(settledKeys({ expiration: iso(3) }, { state: "active" }, rotatedAt + 4 * day)).toEqual([]);
});
