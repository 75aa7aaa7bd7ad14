import { describe, expect, test } from "vitest";
import {
  bodyOf,
  hashOf,
  knownOf,
  readState,
  serverState,
  stateOf,
} from "../../../provider/lifecycle/fields/translate";
import { argumentKeys } from "../../../provider/lifecycle/fields/vocabulary";
import { hashSecret, matchesHash } from "../../../provider/values/secretHash";
import { thingFields } from "../things";

describe("a body", () => {
  const inputs = {
    name: "a",
    folder: null,
    owner: "me",
    token: "t",
    limit: 3,
    rules: [{ a: 1 }],
    mode: "drop",
  };

  test("has each key under the API's name, as the field writes it, and nothing that is ours alone", () => {
    expect(bodyOf(thingFields, inputs, argumentKeys(thingFields))).toEqual({
      Name: "a",
      Folder: "/",
      Owner: "me",
      Token: "t",
      Limit: "3/s",
      Rules: [{ a: 1 }],
    });
  });

  test("has the keys that are asked for, of those that are there", () => {
    expect(bodyOf(thingFields, inputs, ["owner", "body", "mode", "host"])).toEqual({ Owner: "me" });
  });
});

describe("an answer", () => {
  const object = { Id: "t1", Name: "a", Owner: "me", Token: "", Key: "", Host: "h" };

  test("is copied, with null for what it leaves out", () => {
    expect(serverState(thingFields, object, {})).toMatchObject({
      name: "a",
      owner: "me",
      folder: null,
      rules: null,
      host: "h",
    });
  });

  test("keeps a secret that it holds back or blanks, also one that a blank clears", () => {
    const known = { password: "p", token: "t", key: "k" };
    expect(serverState(thingFields, object, known)).toMatchObject({ password: "p", token: "t", key: "k" });
    expect(serverState(thingFields, object, {})).toMatchObject({ password: null, token: null, key: null });
    const masked = { ...object, Password: "••••••", Token: "***", Key: "[redacted]" };
    expect(serverState(thingFields, masked, known)).toMatchObject(known);
    const shown = { ...object, Password: "q", Token: "u", Key: "l" };
    expect(serverState(thingFields, shown, known)).toMatchObject({ password: "q", token: "u", key: "l" });
  });

  test("leaves what is ours alone as it is known, and what the field reads by itself to the field", () => {
    const known = { mode: "drop", quiet: true, limit: 7 };
    expect(serverState(thingFields, { ...object, Limit: 8 } as typeof object, known)).toMatchObject(known);
  });
});

describe("what is known beside an answer", () => {
  const olds = { name: "a", token: "old", mode: "drop", quiet: true, __managed: "mode" };

  test("is the state, with what the program says of fields that no answer shows", () => {
    expect(knownOf(thingFields, { name: "b", token: "new" }, olds)).toMatchObject({
      name: "a",
      token: "new",
      __managed: "mode",
    });
    expect(knownOf(thingFields, {}, olds)).toMatchObject({ token: "old" });
  });

  test("is a null where the program clears what no answer shows", () => {
    expect(knownOf(thingFields, { token: null }, olds)).toMatchObject({ token: null });
  });

  test("of what is ours alone is the program's; taken out it ends, or stays where the field says so", () => {
    expect(knownOf(thingFields, { mode: "keep", quiet: false }, olds)).toMatchObject({
      mode: "keep",
      quiet: false,
    });
    expect(knownOf(thingFields, {}, olds)).toMatchObject({ mode: undefined, quiet: true });
  });
});

/** The arguments of which nothing is known. */
const withNothing = {
  ...Object.fromEntries(argumentKeys(thingFields).map((key) => [key, null])),
  mode: "keep",
  quiet: false,
};

describe("a state", () => {
  test("is the server's, in the program's spelling where it means the same", () => {
    const inputs = { name: "a", folder: "/IN", __defaults: "owner", owner: "me" };
    const server = { name: "b", folder: "/in", owner: "you", host: "h" };
    expect(stateOf(thingFields, inputs, server)).toEqual({
      ...withNothing,
      ...server,
      folder: "/IN",
      __managed: "name,folder",
    });
  });

  test("shows what a null was cleared to", () => {
    expect(stateOf(thingFields, { folder: null }, { folder: "/" })).toMatchObject({ folder: "/" });
  });

  test("knows each argument: null, or what holds while no program has declared it", () => {
    expect(stateOf(thingFields, {}, {})).toEqual({ ...withNothing, __managed: "" });
    expect(stateOf(thingFields, { mode: "drop", quiet: true }, { mode: "drop", quiet: true })).toMatchObject({
      mode: "drop",
      quiet: true,
      __managed: "mode,quiet",
    });
  });
});

describe("a hash", () => {
  const hash = hashSecret("mine");

  test("is kept while it fits, so that nothing changes in the state", () => {
    expect(hashOf(thingFields, { password: "mine" }, { __passwordHash: hash })).toBe(hash);
  });

  test("is made anew for another value, or a first one", () => {
    for (const olds of [{ __passwordHash: hash }, {}]) {
      const made = hashOf(thingFields, { password: "another" }, olds);
      expect(made).not.toBe(hash);
      expect(matchesHash("another", made)).toBe(true);
    }
  });

  test("is none without a declared value, or a field that is hashed", () => {
    expect(hashOf(thingFields, {}, { __passwordHash: hash })).toBeUndefined();
    const { name } = thingFields;
    expect(hashOf({ name }, { name: "mine" }, { __passwordHash: hash })).toBeUndefined();
  });
});

describe("a read", () => {
  const olds = {
    ...withNothing,
    name: "a",
    folder: "/IN",
    owner: "me",
    rules: [{ a: 1 }],
    __managed: "name,folder,rules",
  };
  const server = { name: "a", folder: "/in", owner: "me", rules: [{ a: 1 }] };
  const readOf = (seen: object, notDrift: readonly string[] = []) =>
    readState(thingFields, olds, { ...server, ...seen }, notDrift);

  test("without drift has no inputs", () => {
    expect(readOf({})).toEqual({ state: olds });
  });

  test("of what drifted has the declared keys, each as it is on the server or in the program's spelling", () => {
    expect(readOf({ rules: [{ a: 2 }] })).toMatchObject({
      state: { ...olds, rules: [{ a: 2 }] },
      inputs: { name: "a", folder: "/IN", rules: [{ a: 2 }] },
    });
  });

  test("takes what is not declared for no drift", () => {
    expect(readOf({ owner: "you" }).inputs).toBeUndefined();
  });

  test("takes what it is told for no drift, and shows it", () => {
    expect(readOf({ rules: [{ a: 2 }] }, ["rules"])).toEqual({ state: { ...olds, rules: [{ a: 2 }] } });
  });

  test("takes a hashed field for no drift, and shows it: a rotation is wanted", () => {
    const declared = { ...olds, password: "p", __managed: "name,password" };
    const read = readState(thingFields, declared, { ...server, password: "rotated" }, []);
    expect(read.inputs).toBeUndefined();
    expect(read.state).toMatchObject({ password: "rotated", __managed: "name,password" });
  });

  test("brings defaults back, marked as no declaration", () => {
    const unnamed = { ...olds, __managed: "folder,rules" };
    expect(readState(thingFields, unnamed, { ...server, rules: [{ a: 2 }] }, []).inputs).toEqual({
      name: "a",
      folder: "/IN",
      rules: [{ a: 2 }],
      __defaults: "name",
    });
    // What is declared is no default.
    expect(readOf({ rules: [{ a: 2 }] }).inputs).toEqual({ name: "a", folder: "/IN", rules: [{ a: 2 }] });
  });

  test("of a .get manages nothing", () => {
    expect(readState(thingFields, {}, server, [])).toEqual({
      state: { ...withNothing, ...server, __managed: "" },
    });
  });
});
