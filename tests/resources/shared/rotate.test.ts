import { describe, expect, test } from "vitest";
import { isRotated, passwordTime } from "../../../provider/resources/shared/rotate";
import { rootCredential, singleCredential } from "../../fixtures/reference";

describe("a look shows a rotation", () => {
  const later = "2026-07-01T12:00:00.000Z";

  const { Password: _, ...unshown } = rootCredential;
  const masked = { ...rootCredential, Password: "********" };

  test.each([
    ["neither answer has one", unshown, unshown],
    ["both are masked", masked, masked],
    ["only the first one shows it", rootCredential, masked],
  ])("by a later time, where the passwords do not tell: %s", (_, before, after) => {
    expect(isRotated(before, { ...after, PasswordCreatedAt: later })).toBe(true);
    expect(isRotated(before, after)).toBe(false);
  });

  test("not by a later time beside the old password: a late list shows that", () => {
    expect(isRotated(rootCredential, { ...rootCredential, PasswordCreatedAt: later })).toBe(false);
  });

  test("by another password, where no time is told", () => {
    expect(isRotated(singleCredential, { ...singleCredential, Password: "another" })).toBe(true);
  });

  test("by another password, where the time is the same to the millisecond", () => {
    expect(isRotated(rootCredential, { ...rootCredential, Password: "another" })).toBe(true);
  });

  test("not where both are as they were", () => {
    expect(isRotated(rootCredential, rootCredential)).toBe(false);
    expect(isRotated(singleCredential, singleCredential)).toBe(false);
  });

  test("not by an earlier time, a missing time or a missing password alone", () => {
    const { Password: _, ...without } = singleCredential;
    expect(isRotated(rootCredential, { ...rootCredential, PasswordCreatedAt: "2019-01-01T00:00:00Z" })).toBe(
      false,
    );
    expect(isRotated({ ...singleCredential, PasswordCreatedAt: later }, singleCredential)).toBe(false);
    expect(isRotated(singleCredential, without)).toBe(false);
  });
});

describe("the password's time", () => {
  test.each([
    ["2020-10-26T07:19:26.908Z", 1603696766908],
    [1603696766908, 1603696766908],
    [1603696766, 1603696766000],
    ["2020-10-26T07:19:26.908", 1603696766908],
    [null, undefined],
    ["soon", undefined],
  ])("%s is %s", (PasswordCreatedAt, time) => {
    expect(passwordTime({ ...singleCredential, PasswordCreatedAt })).toBe(time);
  });

  test("is not known where the answer does not tell", () => {
    expect(passwordTime(singleCredential)).toBeUndefined();
  });
});
