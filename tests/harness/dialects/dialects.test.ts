/** A part of `npm run dialects` that fits into the tests, and what its judge sees. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Handlers } from "../../../provider/protocol/handlers.js";
import type { Kind } from "../../../provider/protocol/kinds.js";
import { loadProduct } from "../stage/product.js";
import { type DialectName, dialectNames } from "./catalog/index.ts";
import { impossible } from "./expected.js";
import { isUnclear, type Outcome } from "./judge.js";
import { live, type Verdict } from "./life.js";
import { defects, isClean, staleExpectations, table } from "./table.js";

const product = await loadProduct();

/** Those that have done harm before, and each third of the others: the same ones each time. */
const chosen: readonly DialectName[] = dialectNames.filter(
  (name, index) =>
    index % 3 === 0 ||
    /^(rules-never|inactive-ignored$|passwords-(left|now)|text-cut-in|late-lists$|patch-204|soft|nulls-in|pages-total|ids-base64|key-body)/.test(
      name,
    ),
);
const atOnce = 6;

describe("the whole life of every kind is right, and quiet, beside a service", () => {
  const verdicts = new Map<string, Verdict>();
  // Several at once, since most of their time is waiting.
  beforeAll(async () => {
    const waiting = [undefined, ...chosen];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (waiting.length > 0) {
          const name = waiting.shift();
          verdicts.set(name ?? "none", await live(product, name));
        }
      }),
    );
  }, 180_000);

  test.each(["none", ...chosen])("with the dialect %s", (name) => {
    const verdict = verdicts.get(name);
    expect(verdict && staleExpectations(verdict)).toEqual([]);
    const found = verdict?.found.filter(({ outcome }) => outcome !== "cannot");
    expect(found, name).toEqual(verdict && isClean(verdict) ? expect.anything() : []);
  });
});

describe("the judge sees", () => {
  /** A mutant of one method of one kind. */
  function mutant<M extends keyof Omit<Handlers, "configure">>(
    kind: Kind,
    method: M,
    of: (right: Handlers[M]) => Handlers[M],
  ) {
    return (handlers: Handlers, wrapped: Kind) =>
      wrapped === kind ? { ...handlers, [method]: of(handlers[method]) } : handlers;
  }
  const createWithout = (kind: Kind, key: string) =>
    mutant(kind, "create", (create) => async (inputs) => {
      const { id, outs } = await create(inputs);
      return { id, outs: { ...outs, [key]: null } };
    });

  const mutants: Readonly<Record<string, readonly [Outcome, string, ReturnType<typeof mutant>]>> = {
    "a password that is missing in the state": [
      "harm",
      "acme: password",
      createWithout("Credential", "password"),
    ],
    "a webhook's secret that is missing": ["harm", "arrivals: secret", createWithout("Webhook", "secret")],
    "a rotation that records another password": [
      "harm",
      "rotation: password",
      mutant("PasswordRotation", "create", (create) => async (inputs) => {
        const { id, outs } = await create(inputs);
        return { id, outs: { ...outs, password: "the-old-one-1" } };
      }),
    ],
    "an update that sends nothing": [
      "harm",
      "report: notes",
      mutant("ShareLink", "update", () => async (_id, olds, news) => ({ outs: { ...olds, ...news } })),
    ],
    "a difference that never ends": [
      "endless diff",
      "update arrivals",
      mutant("Webhook", "diff", () => async () => ({ changes: true })),
    ],
    "a refresh that forgets": [
      "harm",
      "forgot plain-key",
      mutant("SshPublicKey", "read", () => async () => ({ id: "" })),
    ],
    "a delete that deletes nothing": [
      "harm",
      "an orphan",
      mutant("ShareLink", "delete", () => async () => {}),
    ],
    "a failure that says nothing": [
      "crash",
      "acme: Cannot read",
      mutant("Credential", "read", () => async () => {
        throw new TypeError("Cannot read properties of undefined (reading 'Id')");
      }),
    ],
    "a failure that holds a password": [
      "harm",
      "a secret is in printed",
      mutant("Credential", "update", () => async (_id, olds) => {
        const whole = JSON.stringify({ Password: olds.password, State: "active" });
        throw new Error(`The API says: ${Buffer.from(whole).toString("base64")}.`);
      }),
    ],
  };
  test.each(Object.keys(mutants))("%s", { timeout: 60_000 }, async (name) => {
    const [outcome, detail = "?", wrap] = mutants[name] ?? [];
    const { found } = await live(product, undefined, wrap);
    expect(found).toContainEqual(
      expect.objectContaining({ outcome, detail: expect.stringContaining(detail) }),
    );
  });

  test.each([
    "",
    "TypeError: x is not a function",
    "The webhook [object Object] was not found.",
    "In the answer, [3].Topics is missing or not what the API's reference says.",
    "Failed\n    at create (provider.ts:1:2)",
    "alias is \u202eemca there",
  ])("that a message is not clear: %j", (message) => {
    expect(isUnclear(new Error(message))).toBe(true);
  });

  test("that a message is clear", () => {
    const message = 'A credential with the user name "acme" already exists. Add the option { import: "a1" }.';
    expect(isUnclear(new Error(message))).toBe(false);
  });
});

test("the table has a row for each dialect, and says what cannot be done", () => {
  const bad: Verdict = {
    dialect: "late-lists",
    requests: 1,
    found: [
      { outcome: "endless diff", step: "up", detail: "" },
      { outcome: "harm", step: "up", detail: "" },
    ],
  };
  const cannot: Verdict = {
    dialect: "rules-refused",
    requests: 1,
    found: ["acme", "guarded", "late"].map((name) => ({
      outcome: "cannot",
      step: "up",
      detail: `${name}: no`,
    })),
  };
  // One that works after all is to leave the list of what cannot be done.
  const stale = { ...cannot, found: cannot.found.slice(1) };
  expect([isClean(bad), isClean(cannot), isClean(stale)]).toEqual([false, true, false]);
  expect(staleExpectations(stale)).toEqual(["acme"]);
  expect(table([bad, cannot], product.dialectDescriptions).split("\n")).toEqual([
    "| dialect | the service | this package |",
    "| --- | --- | --- |",
    expect.stringMatching(/^\| `late-lists` \| Lists show .* \| \*\*harm\*\*, \*\*endless diff\*\* \|$/),
    expect.stringContaining(impossible["rules-refused"]?.because ?? "?"),
  ]);
  expect(defects).not.toContain("cannot");
});
