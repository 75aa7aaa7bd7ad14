import { describe, expect, test } from "vitest";
import { serviceClock } from "../../provider/api/serviceClock";

const start = Date.UTC(2026, 6, 1, 12);
const date = (milliseconds: number) => ({ date: new Date(start + milliseconds).toUTCString() });
const minute = 60_000;

function setUp() {
  let elapsed = 0;
  const clock = serviceClock(() => elapsed);
  const pass = (milliseconds: number) => {
    elapsed += milliseconds;
  };
  return { clock, pass };
}

test("the service's time is what it answered last, carried on", () => {
  const { clock, pass } = setUp();
  expect(clock.now()).toBe(undefined);
  clock.hear(200, date(0), []);
  pass(90_000);
  expect(clock.now()).toBe(start + 90_000);
  clock.hear(201, date(92_000), { Id: "abc" });
  expect(clock.now()).toBe(start + 92_000);
});

test("the service's time is in whole milliseconds, though what nobody sets counts in parts of them", () => {
  const { clock, pass } = setUp();
  clock.hear(200, date(0), []);
  pass(1.25);
  expect(clock.now()).toBe(start + 1);
});

describe("no time of the service's is", () => {
  test.each([
    ["that of an error, which may be a gateway's", 503, date(0)],
    ["that of a cache", 200, { ...date(0), age: "3600" }],
    ["no Date", 200, {}],
    ["a Date that is none", 200, { date: "soon" }],
  ])("%s", (_, status, headers) => {
    const { clock } = setUp();
    clock.hear(status, headers, []);
    expect(clock.now()).toBe(undefined);
  });

  test("one that stands still, or jumps", () => {
    for (const second of [0, 2 * 60 * minute]) {
      const { clock, pass } = setUp();
      clock.hear(200, date(0), []);
      pass(10 * minute);
      clock.hear(200, date(second), []);
      expect(clock.now()).toBe(undefined);
    }
  });

  test.each(["CreatedAt", "UpdatedAt", "PasswordCreatedAt"])("one before an object's own %s", (key) => {
    const { clock } = setUp();
    clock.hear(200, date(0), [{ [key]: start + 4 * minute }, null]);
    expect(clock.now()).toBe(start);
    clock.hear(200, date(0), [{ [key]: new Date(start + 6 * minute).toISOString() }]);
    expect(clock.now()).toBe(undefined);
  });
});
