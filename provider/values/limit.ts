/** Runs what it is given, so many at a time; the others wait, first come, first served. */
export type Limit = <T>(act: () => Promise<T>) => Promise<T>;

export function limitTo(places: number): Limit {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (act) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      // A place is handed on, so that nobody who comes later takes it first.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
