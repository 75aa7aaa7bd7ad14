import { expect, test } from "vitest";
import { limitTo } from "../../provider/values/limit";

/** An act that ends when it is told to. */
function act() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, resolve, reject };
}

const settle = () => new Promise(setImmediate);

test("runs as many as there are places, and the others in the order in which they came", async () => {
  const begun: number[] = [];
  const acts = Array.from({ length: 5 }, act);
  const limit = limitTo(2);
  const results = acts.map(({ promise }, index) =>
    limit(async () => {
      begun.push(index);
      await promise;
      return index;
    }),
  );
  await settle();
  expect(begun).toEqual([0, 1]);
  acts[1]?.resolve();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  acts[0]?.resolve();
  acts[2]?.resolve();
  await settle();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  acts[3]?.resolve();
  acts[4]?.resolve();
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
});

test("a failure gives its place to the next one", async () => {
  const limit = limitTo(1);
  const failing = limit(() => Promise.reject(new Error("no")));
  const thrown = limit(() => {
    throw new Error("at once");
  });
  const next = limit(async () => "done");
  await expect(failing).rejects.toThrow("no");
  await expect(thrown).rejects.toThrow("at once");
  expect(await next).toBe("done");
});

test("whoever comes as a place is handed on waits behind those who wait", async () => {
  const limit = limitTo(1);
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  const first = limit(note("first"));
  const second = limit(note("second"));
  const late = first.then(() => limit(note("late")));
  await Promise.all([second, late]);
  expect(order).toEqual(["first", "second", "late"]);
});

test("free places are counted right after many have come and gone", async () => {
  const limit = limitTo(3);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      limit(async () => {
        running += 1;
        most = Math.max(most, running);
        if (index % 3 === 0) await settle();
        running -= 1;
      }),
    ),
  );
  expect([running, most]).toEqual([0, 3]);
});
