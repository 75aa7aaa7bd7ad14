export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  random(): number;
}

/** Time passes by sleeping, and a millisecond with each reading; the same seed gives the same jitter. */
export function simulatedClock(seed: number, start = Date.parse("2026-07-01T12:00:00Z")): Clock {
  let now = start;
  let state = seed >>> 0;
  return {
    now: () => now++,
    async sleep(milliseconds) {
      now += Math.ceil(milliseconds);
    },
    random() {
      // Mulberry32.
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
