/** What can be done to a rotation between two logins amid its life, on the small engine; judged by the emulator. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Plain } from "../../../provider/values/plain.js";
import { loadProduct } from "../../harness/stage/product.js";
import { idOf, type Program } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage, type SmallStageOptions } from "../../harness/stage/small.js";
import { changesOf, type Report } from "../../harness/stage/stage.js";
import { ed25519 } from "../shared/keys.js";

const day = 86_400_000;
/** What the engine sends for what a preview does not know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let stage: SmallStage;

async function open(options: Omit<SmallStageOptions, "product"> = {}): Promise<SmallStage> {
  stage = await openSmallStage({ product: await loadProduct(), ...options });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return stage;
}

beforeEach(() => open());

/** The resources of a `RotatingCredential`. */
function pair(rotation: Plain = {}, both: Plain = {}, firstId?: string): Program {
  const args = { homeDirectory: "/acme", permission: "read-write", ...both };
  return [
    {
      name: "a",
      kind: "Credential",
      args: { ...args, userName: "acme-incoming", __reserve: false },
      import: firstId,
    },
    { name: "b", kind: "Credential", args: { ...args, userName: "acme-incoming-b", __reserve: true } },
    {
      name: "acme",
      kind: "CredentialRotation",
      args: { credentialIds: [idOf("a"), idOf("b")], triggers: 1, ...rotation },
    },
  ];
}

async function done(command: Promise<Report>): Promise<string> {
  const { failures, printed } = await command;
  expect([...failures.values()].map(String)).toEqual([]);
  return printed;
}

async function outputs(): Promise<Plain> {
  return (await stage.state()).get("acme")?.outputs ?? {};
}

function onServer(userName: string) {
  const found = stage.emulator.data.findCredential(userName);
  if (found === undefined) throw new Error(`there is no ${userName}`);
  return found;
}

/** The login that the outputs give works, and no other password is given for it. */
async function expectActive(name: string): Promise<void> {
  const { userName, password } = await outputs();
  expect({ userName, password, state: onServer(name).State }).toEqual({
    userName: name,
    password: onServer(name).Password,
    state: "active",
  });
}

describe("the grace", () => {
  test("of 0 days is announced with what ends it, a second up, and not with the minute that it is", async () => {
    await done(stage.up(pair()));
    expect(await done(stage.preview(pair({ triggers: 2, graceDays: 0 })))).toContain(
      "; acme-incoming stays open until you run `pulumi up` once more (graceDays)",
    );
    expect(await done(stage.preview(pair({ triggers: 2, graceDays: 1 })))).toMatch(
      /; acme-incoming goes on until [\d -:]+ UTC \(graceDays\)/,
    );
  });

  test("of 0 days is over with the next up, so that nobody is without a login before they have the new one", async () => {
    await done(stage.up(pair({ graceDays: 0 })));
    await done(stage.up(pair({ graceDays: 0, triggers: 2 })));
    await expectActive("acme-incoming-b");
    expect(onServer("acme-incoming").State).toBe("active");
    const ending = await done(stage.up(pair({ graceDays: 0, triggers: 2 })));
    expect(ending).toContain("the previous login acme-incoming becomes inactive; its grace is over");
    expect(onServer("acme-incoming").State).toBe("inactive");
    await expectActive("acme-incoming-b");
  });

  test("is in the outputs as it is when its days are taken out of the program", async () => {
    await done(stage.up(pair({ graceDays: 14, rotateAfterDays: 30 })));
    await done(stage.up(pair({ graceDays: 14, rotateAfterDays: 30, triggers: 2 })));
    await done(stage.up(pair({ triggers: 2 })));
    const { rotatedAt, previousValidUntil, nextRotationAt } = await outputs();
    expect(Date.parse(String(previousValidUntil))).toBe(Date.parse(String(rotatedAt)) + 7 * day);
    expect(nextRotationAt).toBeNull();
    const { steps } = await stage.preview(pair({ triggers: 2 }));
    expect(steps.map(({ op }) => op)).toEqual(["same", "same", "same"]);
  });

  test("ends with the day on which both logins expire, where that comes first, and the outputs say so", async () => {
    const expiration = new Date(stage.now() + 3 * day).toISOString();
    const up = (rotation: Plain) => stage.up(pair({ expiration, ...rotation }, { expiration }));
    await done(up({}));
    await done(up({ triggers: 2 }));
    expect((await outputs()).previousValidUntil).toBe(expiration);
    await stage.clock.sleep(4 * day);
    await done(up({ triggers: 2 }));
    expect((await outputs()).previousValidUntil).toBeNull();
  });

  test("is not promised by a preview for logins that are closed", async () => {
    await done(stage.up(pair()));
    await done(stage.up(pair({ triggers: 2 })));
    const closing = pair({ triggers: 2, state: "inactive" });
    expect(await done(stage.preview(closing))).toBe("");
    await done(stage.up(closing));
    expect(await done(stage.preview(pair({ triggers: 3, state: "inactive" })))).toMatch(
      /acme-incoming gets a new password and becomes the active login\.$/m,
    );
  });

  test("is not ended in the words of a preview that does not know the trigger yet", async () => {
    await done(stage.up(pair()));
    expect(await done(stage.preview(pair({ triggers: unknown })))).toContain(
      "if its triggers come out changed, acme-incoming-b gets a new password",
    );
    await done(stage.up(pair({ triggers: 2 })));
    expect(await done(stage.preview(pair({ triggers: unknown })))).not.toContain("new password");
  });
});

describe("a forced replacement", () => {
  const replace = { replace: ["acme"] };

  test("rotates if a trigger has changed with it", async () => {
    await done(stage.up(pair()));
    await done(stage.up(pair({ triggers: 2 }), replace));
    await expectActive("acme-incoming-b");
    expect((await outputs()).previousUserName).toBe("acme-incoming");
  });

  test("is refused a rotation within the grace, and forgets neither the grace nor the trigger of before", async () => {
    await done(stage.up(pair()));
    await done(stage.up(pair({ triggers: 2 })));
    const { previousValidUntil } = await outputs();
    await stage.clock.sleep(3 * day);
    const { printed } = await stage.up(pair({ triggers: 3 }), replace);
    expect(printed).toContain("the previous login acme-incoming works until");
    expect((await stage.up(pair({ triggers: 3 }))).printed).toContain("acme-incoming works until");
    await done(stage.up(pair({ triggers: 2 })));
    expect((await outputs()).previousValidUntil).toBe(previousValidUntil);
    await expectActive("acme-incoming-b");
  });

  test("that fails in the middle rotates with the next up", async () => {
    await done(stage.up(pair()));
    stage.emulator.addFault({ name: "status", status: 402, operation: "rotatePassword" });
    expect((await stage.up(pair({ triggers: 2 }), replace)).failures.size).toBe(1);
    await done(stage.up(pair({ triggers: 2 })));
    await expectActive("acme-incoming-b");
  });
});

test("a rotation warns of keys that only the login before has", async () => {
  const key: Program[number] = {
    name: "key",
    kind: "SshPublicKey",
    args: { credentialId: idOf("a"), sshPublicKeyBody: ed25519 },
  };
  await done(stage.up([...pair(), key]));
  expect(await done(stage.up([...pair({ triggers: 2 }), key]))).toContain(
    "acme-incoming has SSH public keys that acme-incoming-b lacks",
  );
  await stage.clock.sleep(8 * day);
  expect(await done(stage.up([...pair({ triggers: 3 }), key]))).not.toContain("lacks");
});

test("a preview that does not know what the first login has shows no change of the second one", async () => {
  await done(stage.up(pair()));
  const [a, b, acme] = pair();
  if (!a || !b || !acme) throw new Error("there are three");
  const preview = (like: Plain) => stage.preview([a, { ...b, args: { ...b.args, ...like } }, acme]);
  const changed = async (like: Plain) => changesOf(await preview(like));
  expect(await changed({ homeDirectory: unknown, permission: unknown })).toEqual([]);
  // Of what it did not say before, nobody knows what it was.
  expect(await changed({ inboundRules: unknown })).toEqual(["update b"]);
  expect(await changed({ permission: "full" })).toEqual(["update b"]);
});

test("of two closed logins, the one that was rotated last is the active one", async () => {
  await done(stage.up(pair({ state: "inactive" })));
  await stage.clock.sleep(day);
  await done(stage.up(pair({ state: "inactive", triggers: 2 })));
  stage.engine.state.delete("acme");
  await done(stage.up(pair({ state: "active", triggers: 2 })));
  await expectActive("acme-incoming-b");
  expect(onServer("acme-incoming").State).toBe("inactive");
});

test("a new expiration is no reason to open the login in reserve; that the active one stays closed is said", async () => {
  const inDays = (days: number) => ({ expiration: new Date(stage.now() + days * day).toISOString() });
  const up = async (values: Plain, rotation: Plain = {}) =>
    done(stage.up(pair({ ...values, ...rotation }, values)));
  await done(stage.up(pair()));
  const first = inDays(100);
  expect(await up(first)).not.toContain("inactive");
  await stage.clock.sleep(101 * day);
  await stage.refresh();
  expect(await up(first, { triggers: 2 })).toContain(
    'declare a later expiration and state: "active" to open it',
  );
  const second = inDays(100);
  const printed = await up(second, { triggers: 2 });
  expect(printed.match(/inactive/g)).toHaveLength(1);
  expect(printed).toContain(
    '"acme": acme-incoming-b is inactive, and a new expiration does not change that: declare state: "active"',
  );
  await up(second, { triggers: 2, state: "active" });
  await expectActive("acme-incoming-b");
});

test("the root credential is never rotated in turn with another, since it would be closed", async () => {
  const { root } = stage.emulator.data;
  const [a, b, acme] = pair({}, { permission: root.Permission, homeDirectory: root.HomeDirectory }, root.Id);
  if (!a || !b || !acme) throw new Error("there are three");
  const program = [{ ...a, args: { ...a.args, userName: root.UserName } }, b, acme];
  const { failures } = await stage.up(program);
  expect(failures.get("acme")?.message).toContain("is the organization's root credential");
  expect(root.State).toBe("active");
});

test("beside a rotation of one of the two it is refused, whichever is there first", async () => {
  const single = { name: "single", kind: "PasswordRotation", args: { credentialId: idOf("a") } } as const;
  await done(stage.up(pair()));
  const { failures } = await stage.preview([...pair(), single]);
  expect(failures.get("single")?.message).toMatch(
    /"acme" in this program manages the password of credential \S+ too: keep one of them/,
  );
  await stage.destroy();
  const [a, b, acme] = pair();
  if (!a || !b || !acme) throw new Error("there are three");
  await done(stage.up([a, b, single]));
  const after = await stage.preview([a, b, single, acme]);
  // In the preview that makes it the ids are known, since the credentials are there.
  expect(after.failures.get("acme")?.message).toContain('"single" in this program manages the password');
});

test("a stack's own credential with a rotation becomes the first of two in one up, and is not deleted", async () => {
  const before: Program = [
    {
      name: "old",
      kind: "Credential",
      args: { homeDirectory: "/acme", permission: "read-write", userName: "acme-incoming" },
    },
    { name: "rotation", kind: "PasswordRotation", args: { credentialId: idOf("old"), triggers: 1 } },
  ];
  await done(stage.up(before));
  const { Id, Password } = onServer("acme-incoming");
  await done(stage.up(pair({}, {}, Id)));
  expect(onServer("acme-incoming")).toMatchObject({ Id, Password, State: "active" });
  await expectActive("acme-incoming");
  expect([...(await stage.state()).keys()].sort()).toEqual(["a", "acme", "b"]);
  await done(stage.up(pair({ triggers: 2 }, {}, Id)));
  await expectActive("acme-incoming-b");
  expect(onServer("acme-incoming")).toMatchObject({ Id, Password, State: "active" });
});

test("no late list passes off the password of a rotation that was killed for that of the next one", async () => {
  await open({ emulator: { dialects: ["late-lists"] } });
  await done(stage.up(pair()));
  await stage.clock.sleep(day);
  // A rotation whose process was killed before it read anything: lists do not show it for two seconds.
  const id = onServer("acme-incoming-b").Id;
  await fetch(
    `${stage.emulator.url}/organizations/${stage.emulator.organizationId}/users/${id}/credential-rotations`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${stage.emulator.apiKey}` },
    },
  );
  await stage.clock.sleep(1_500);
  await done(stage.up(pair({ triggers: 2 })));
  await expectActive("acme-incoming-b");
});

describe("a rotation that fails once its login is open", () => {
  /** The PATCH that opens the login is done, and its answer and all reads after it are lost. */
  async function failWhileOpening(): Promise<string> {
    await done(stage.up(pair()));
    stage.emulator.addFault({
      name: "status",
      status: 500,
      when: "after",
      operation: "updateCredential",
      times: Number.POSITIVE_INFINITY,
    });
    const failed = await stage.up(pair({ triggers: 2 }));
    stage.emulator.clearFaults();
    expect(onServer("acme-incoming-b").State).toBe("active");
    return failed.printed;
  }

  test("says what may be open, and the next up rotates once more", async () => {
    expect(await failWhileOpening()).toMatch(
      /acme-incoming-b has a new password, which is in no output, and may be open/,
    );
    await done(stage.up(pair({ triggers: 2 })));
    await expectActive("acme-incoming-b");
    expect(onServer("acme-incoming").State).toBe("active");
  });

  test.each([
    ["at once", async () => {}],
    ["also after a refresh", async () => void (await stage.refresh())],
  ])("is ended by the next up where the trigger was put back, %s", async (_, between) => {
    await failWhileOpening();
    await between();
    await done(stage.up(pair()));
    await expectActive("acme-incoming");
    expect(onServer("acme-incoming-b").State).toBe("inactive");
    expect(changesOf(await stage.up(pair()))).toEqual([]);
  });
});

describe("a previous login that is closed and opened again in the dashboard", () => {
  test.each([
    ["with a refresh in between", true],
    ["unseen", false],
  ])("works until the promised end: %s", async (_, isSeen) => {
    await done(stage.up(pair()));
    await done(stage.up(pair({ triggers: 2 })));
    onServer("acme-incoming").State = "inactive";
    if (isSeen) await done(stage.refresh());
    onServer("acme-incoming").State = "active";
    await done(stage.refresh());
    await stage.clock.sleep(6 * day);
    await done(stage.up(pair({ triggers: 2 })));
    expect(onServer("acme-incoming").State).toBe("active");
    await stage.clock.sleep(2 * day);
    await done(stage.up(pair({ triggers: 2 })));
    expect(onServer("acme-incoming").State).toBe("inactive");
  });

  test("by the next up alone, which does not forget either", async () => {
    await done(stage.up(pair()));
    await done(stage.up(pair({ triggers: 2 })));
    onServer("acme-incoming").State = "inactive";
    await done(stage.refresh());
    await done(stage.up(pair({ triggers: 2, rotateAfterDays: 90 })));
    onServer("acme-incoming").State = "active";
    await done(stage.refresh());
    await done(stage.up(pair({ triggers: 2, rotateAfterDays: 90 })));
    expect(onServer("acme-incoming").State).toBe("active");
  });
});

describe("two open logins that are taken over", () => {
  function there(aRotatedAfter: number | undefined, bRotatedAfter: number | undefined): string[] {
    const made = stage.now() - 100 * day;
    const timeOf = (after: number | undefined) =>
      after === undefined ? null : new Date(made + after).toISOString();
    return [aRotatedAfter, bRotatedAfter].map((after, index) => {
      const UserName = `acme-incoming${index === 0 ? "" : "-b"}`;
      const more = { HomeDirectory: "acme/", Permission: "read-write" } as const;
      const login = stage.emulator.data.addCredential({ UserName, ...more });
      Object.assign(login, { CreatedAt: made, PasswordCreatedAt: timeOf(after) });
      return login.Id;
    });
  }
  const adopting = (ids: readonly string[]): Program =>
    pair().map((each, index) => ({ ...each, import: ids[index] }));

  test.each([
    ["neither was rotated", 0, 0],
    ["one was rotated within a minute of being made", 0, 40_000],
    ["the service hides when", undefined, undefined],
    ["the service hides it of one", 30 * day, undefined],
  ])("are refused where nothing tells which one is in use: %s", async (_, a, b) => {
    const ids = there(a, b);
    const { printed } = await stage.up(adopting(ids));
    expect(printed).toContain(
      "acme-incoming and acme-incoming-b are both active, and nothing tells which one is in use",
    );
    expect([onServer("acme-incoming").State, onServer("acme-incoming-b").State]).toEqual([
      "active",
      "active",
    ]);

    onServer("acme-incoming").State = "inactive";
    await done(stage.refresh());
    await done(stage.up(adopting(ids)));
    await expectActive("acme-incoming-b");
  });

  test.each([
    [30 * day, 0, "acme-incoming"],
    [30 * day, 60 * day, "acme-incoming-b"],
  ])("go on with the one that was rotated last (%d, %d)", async (a, b, active) => {
    await done(stage.up(adopting(there(a, b))));
    await expectActive(active);
  });
});

test.each(["a", "b"])(
  "credentials of a rotation that declare their state are refused in preview: %s",
  async (name) => {
    await done(stage.up(pair()));
    const plain = pair().map(({ args: { __reserve: _, ...args }, ...each }) => ({
      ...each,
      args: each.name === name ? { ...args, state: "active" } : args,
    }));
    const { printed } = await stage.preview(plain);
    expect(printed).toMatch(
      /credentialIds: the Credential with the id \w+ declares its state, which the rotation changes/,
    );
  },
);

test.each(["rotateAfterDays", "graceDays", "announceDays"])(
  "%s that no calendar has is refused in a preview, before a login is made",
  async (key) => {
    const { failures } = await stage.preview(pair({ rotateAfterDays: 90, [key]: 1e9 }));
    expect(failures.get("acme")?.message).toMatch(new RegExp(`${key} must be a number of days `));
    expect(stage.writes()).toEqual([]);
  },
);
