import { describe, expect, test } from "vitest";
import { disagreement, timeOf } from "../../../provider/lifecycle/process/time";

const service = Date.UTC(2026, 6, 10, 12);
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const isDue = (at: number, ours: number, theirs: number | undefined = service) =>
  at <= timeOf(ours, theirs, () => {}).sure;

describe("where the clocks agree within five minutes, or the service tells no time", () => {
  test.each([
    [service + 4 * minute, service],
    [service - 4 * minute, service],
    [service - 90 * day, undefined],
  ])("ours is the time (%d, %j)", (ours, theirs) => {
    const said: unknown[] = [];
    expect(timeOf(ours, theirs, (...times) => said.push(times))).toEqual({ sure: ours, latest: ours });
    expect(said).toEqual([]);
  });
});

describe("where they do not", () => {
  test.each<[string, number, number, boolean]>([
    [
      "a fast machine ends nothing that the service's time has not reached",
      service + hour,
      service + 5 * day,
      false,
    ],
    [
      "a slow machine does not end at once what has ended by the service's",
      service - hour,
      service - 5 * day,
      false,
    ],
    ["what has come by both is due", service - 6 * day, service - 5 * day, true],
    ["what has come by neither is not", service + 6 * day, service + 5 * day, false],
    [
      "a day after it has come by the service's it is due, however slow the machine",
      service - day,
      service - 90 * day,
      true,
    ],
    ["and not a moment before", service - day + 1, service - 90 * day, false],
  ])("%s", (_, at, ours, expected) => {
    expect(isDue(at, ours)).toBe(expected);
  });

  test("what begins is recorded by the later of the two", () => {
    for (const ours of [service - 5 * day, service + 5 * day]) {
      expect(timeOf(ours, service, () => {}).latest).toBe(Math.max(ours, service));
    }
  });

  test("it is said, with both times", () => {
    const said: [number, number][] = [];
    timeOf(service + day, service, (...times) => said.push(times));
    expect(said).toEqual([[service + day, service]]);
    expect(disagreement(service + day, service)).toMatch(/2026-07-11T12:00Z.*2026-07-10T12:00Z.*NTP/);
  });
});
