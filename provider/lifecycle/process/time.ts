/**
 * One clock for every end of somebody's access, and for every age: the service's time and this machine's, of which
 * either may be wrong. Where they agree, that is the time. Where they do not, an end has come when it has come by both;
 * but a day after it has come by the service's, it has come, since nothing may stay open for ever.
 */
import { clockTolerance } from "../../api/serviceClock";
import { millisecondsPerDay } from "../../values/times";

export interface Time {
  /** The latest moment that has come for sure: an end is due if it is not after this. Unix milliseconds. */
  readonly sure: number;
  /** What is recorded as begun now: the later of both times, so that nothing ends too early. */
  readonly latest: number;
}

/** `service` is `undefined` where no answer has told it: then ours is all there is. */
export function timeOf(
  ours: number,
  service: number | undefined,
  disagree: (ours: number, service: number) => void,
): Time {
  if (service === undefined || Math.abs(ours - service) <= clockTolerance)
    return { sure: ours, latest: ours };
  disagree(ours, service);
  return {
    sure: Math.max(Math.min(ours, service), service - millisecondsPerDay),
    latest: Math.max(ours, service),
  };
}

/** What the user is told where the clocks disagree, once in a run. */
export function disagreement(ours: number, service: number): string {
  const minute = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 16)}Z`;
  return (
    `This machine's clock says ${minute(ours)}, and the service's ${minute(service)}. What ends or falls due by only ` +
    "one of them waits until it is due by both, or for a day by the service's. Set this machine's clock, e.g. by NTP."
  );
}
