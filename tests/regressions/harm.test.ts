/**
 * Harm that this package once did (findings, part 1), each entry with two siblings. H2 and the parts that need the
 * real engine are in `tests/engine/findings.test.ts`.
 */
import { describe, expect, test } from "vitest";
import type { Declared, Program } from "../harness/stage/program.js";
import { changesOf } from "../harness/stage/stage.js";
import { ecdsa, ed25519, rsa } from "../resources/shared/keys.js";
import { hook, idIn, key, link, login, rotation } from "./resources.js";
import { day, expectSettled, held, openScene, refusal, type Scene, withJson } from "./scene.js";

const rules = [{ source: "203.0.113.0/24" }];

/** The address that a program cannot have: its check fails. */
const broken = hook({ url: "http://hooks.example.com" }, "broken");

function outputsOf(stage: Scene, name: string) {
  return stage.engine.state.get(name)?.outputs ?? {};
}

describe("H1 a resource is renamed, imported under its new name, and something else fails in that up", () => {
  test.each([
    { kind: "Credential", make: login, before: [] },
    { kind: "Webhook", make: hook, before: [] },
    { kind: "ShareLink", make: link, before: [] },
    { kind: "SshPublicKey", make: key, before: [login()] },
  ])("the next up keeps the live $kind", async ({ make, before }) => {
    const scene = await openScene();
    await scene.done([...before, make({}, "old")]);
    const there = JSON.stringify(held(scene.emulator));
    const id = idIn(scene, "old");
    const renamed = { ...make({}, "renamed"), import: id };
    await scene.up([...before, renamed, broken]);
    await scene.done([...before, renamed]);
    expect(JSON.stringify(held(scene.emulator))).toBe(there);
    expect([...scene.engine.state.keys()]).toEqual([...before.map(({ name }) => name), "renamed"]);
    await expectSettled(scene, [...before, renamed]);
  });

  test("the refusal of a rename offers aliases before the import option", async () => {
    const scene = await openScene();
    await scene.done([login({}, "old")]);
    const { printed } = await scene.up([login({}, "renamed")]);
    expect(printed).toMatch(/`aliases`[\s\S]*import/);
    expect(held(scene.emulator).credentials).toHaveLength(1);
  });
});

describe("H3 a service that never applies inbound rules", () => {
  test.each([
    ["rules-never-applied", "inboundRules"],
    ["rules-refused", "(HTTP 403)"],
    ["default-rule-kept", "inboundRules"],
    ["rules-shown-nowhere", "inboundRules"],
  ] as const)("%s: the login stays inactive, and every up says so", async (dialect, why) => {
    const scene = await openScene({ dialects: [dialect] });
    for (let ups = 0; ups < 2; ups++) {
      const { failures } = await scene.up([login({ inboundRules: rules })]);
      expect(failures.get("acme")?.message).toContain(why);
      expect(held(scene.emulator).credentials.map(({ State }) => State)).toEqual(["inactive"]);
      expect(idIn(scene, "acme")).toBe(held(scene.emulator).credentials[0]?.Id);
    }
    await scene.destroy();
    expect(held(scene.emulator).credentials).toEqual([]);
  });

  test("rules that are added to a login later are an error where they are not applied", async () => {
    const scene = await openScene({ dialects: ["rules-never-applied"] });
    await scene.done([login()]);
    for (let ups = 0; ups < 2; ups++) {
      const { failures } = await scene.up([login({ inboundRules: rules })]);
      expect(failures.get("acme")?.message).toMatch(/inboundRules/);
    }
  });
});

describe("H4 a change that closes access and that the service ignores", () => {
  test.each([
    { dialect: "inactive-ignored", closed: { state: "inactive" } },
    { dialect: "inactive-ignored-in-updates", closed: { state: "inactive" } },
    { dialect: "permission-ignored-in-updates", closed: { permission: "read-only" } },
  ] as const)("$dialect: every up fails, and asks again", async ({ dialect, closed }) => {
    const scene = await openScene({ dialects: [dialect] });
    const open = { state: "active", permission: "full" };
    await scene.done([login(open)]);
    for (let ups = 1; ups <= 2; ups++) {
      const { failures } = await scene.up([login({ ...open, ...closed })]);
      expect(failures.get("acme")?.message).toContain(Object.keys(closed)[0]);
      expect(scene.count("updateCredential")).toBe(ups);
      expect(held(scene.emulator).credentials[0]).toMatchObject({ State: "active", Permission: "full" });
    }
  });

  test("a login that is created inactive, and is active all the same, is saved and not called done", async () => {
    const scene = await openScene({ dialects: ["inactive-ignored"] });
    const { failures } = await scene.up([login({ state: "inactive" })]);
    expect(failures.get("acme")?.message).toMatch(/state/);
    expect(idIn(scene, "acme")).toBe(held(scene.emulator).credentials[0]?.Id);
  });

  test("a share link's permission and limit that are ignored are an error too", async () => {
    const scene = await openScene();
    scene.meddle = (asked, serve) => (asked.method === "PATCH" ? ignored(scene, asked.path) : serve());
    await scene.done([link({ permission: "read-write" })]);
    const { failures } = await scene.up([link({ accessLimit: 1 })]);
    expect(failures.get("link")?.message).toMatch(/permission.*accessLimit/);
    expect(held(scene.emulator).shareLinks[0]).toMatchObject({ Permission: "read-write", AccessLimit: 0 });
  });

  /** 200 with the object as it is. */
  async function ignored(scene: Scene, path: string) {
    const { status, headers, text } = await scene.asSomebody("GET", path);
    return { status, headers: Object.fromEntries(headers), body: text };
  }
});

describe("H5 passwords that only a read by id shows", () => {
  test.each([
    "passwords-left-out-of-lists",
    "passwords-blank-in-lists",
    "passwords-masked-in-lists",
    "passwords-only-in-lists",
    "passwords-masked-by-id",
  ] as const)("%s: a rotation's password and uri are the login's", async (dialect) => {
    const scene = await openScene({ dialects: [dialect] });
    await scene.done([login(), rotation()]);
    const { Password = "", UserName } = held(scene.emulator).credentials[0] ?? {};
    const outputs = outputsOf(scene, "rotation");
    expect(outputs.password).toBe(Password);
    expect(outputs.userName).toBe(UserName);
    expect(scene.count("rotatePassword")).toBe(1);
    await expectSettled(scene, [login(), rotation()]);
  });

  test.each([
    "passwords-left-out-of-lists",
    "passwords-blank-in-lists",
    "passwords-masked-in-lists",
    "passwords-only-at-create",
    "passwords-nowhere",
  ] as const)("%s: a declared password that changes is the one in the state", async (dialect) => {
    const scene = await openScene({ dialects: [dialect] });
    await scene.done([login({ password: "First-one-1!" })]);
    expect(outputsOf(scene, "acme").password).toBe("First-one-1!");
    await scene.done([login({ password: "Second-one-2!" })]);
    expect(held(scene.emulator).credentials[0]?.Password).toBe("Second-one-2!");
    expect(outputsOf(scene, "acme").password).toBe("Second-one-2!");
    await expectSettled(scene, [login({ password: "Second-one-2!" })]);
  });

  test.each(["passwords-nowhere", "passwords-only-at-create"] as const)(
    "%s: a rotation whose password nobody shows is not a success, and is not repeated",
    async (dialect) => {
      const scene = await openScene({ dialects: [dialect] });
      for (const why of ["could not be read", "still cannot be read"]) {
        const { failures } = await scene.up([login(), rotation()]);
        expect(failures.get("rotation")?.message).toContain(why);
        expect(outputsOf(scene, "rotation").password).not.toBe("");
      }
      expect(scene.count("rotatePassword")).toBe(1);
    },
  );
});

describe("H6 another stack makes the same name while our create is refused by a gateway", () => {
  const ours = login({ permission: "full", homeDirectory: "/a" });
  const theirs = { UserName: "acme-incoming", Permission: "read-only", HomeDirectory: "/b" };

  test("is theirs: refused, untouched, and not in our state", async () => {
    await expectUntouched([ours], "/users", theirs);
  });

  test("a share link on the same path with another permission is theirs", async () => {
    await expectUntouched([link({ permission: "read-write" })], "/portal-links", {
      Path: "/reports/",
      Permission: "read-only",
      Type: "share",
    });
  });

  test("a webhook on the same url with fewer topics is theirs", async () => {
    await expectUntouched([hook({ topics: ["file.created", "file.deleted"] })], "/webhooks", {
      Url: "https://hooks.example.com/sftp",
      Topics: ["file.created"],
      Type: "webhook",
      Alias: "hook",
    });
  });

  test("an account that was there before our create, and that a late list did not show, is theirs", async () => {
    const scene = await openScene({ dialects: ["new-objects-late-in-lists"] });
    await scene.asSomebody("POST", "/users", { UserName: "acme-incoming" });
    await scene.clock.sleep(1_100);
    await scene.up([login()]);
    expect(idIn(scene, "acme")).toBe("");
    await scene.destroy();
    expect(held(scene.emulator).credentials).toHaveLength(1);
  });

  async function expectUntouched(program: Program, path: string, body: object): Promise<void> {
    const scene = await openScene();
    let made: string | undefined;
    scene.meddle = async (asked, serve) => {
      if (asked.method !== "POST" || made !== undefined) return serve();
      await scene.asSomebody("POST", path, body);
      made = JSON.stringify(held(scene.emulator));
      return refusal(503);
    };
    const { failures } = await scene.up(program);
    expect(failures.size).toBe(path === "/users" ? 1 : failures.size);
    // Nothing of theirs has changed; of a kind that is not unique our own may stand beside it.
    const isTheirs = (object: object) => made?.includes(JSON.stringify(object));
    const objects = Object.values(held(scene.emulator)).flat();
    expect(objects.filter(isTheirs)).toHaveLength(1);
    expect([...scene.engine.state.values()].map(({ id }) => id).filter((id) => made?.includes(id))).toEqual(
      [],
    );
    await scene.up(program);
    await scene.destroy();
    const left: object[] = Object.values(held(scene.emulator)).flat();
    expect(left.filter(isTheirs)).toHaveLength(1);
  }
});

describe("H7 somebody disables a share link that is to be made again when it is used up", () => {
  test.each([
    { what: "without limit or expiry", args: {} },
    { what: "with a limit that is not reached", args: { accessLimit: 5 } },
    { what: "with a time that has not come", args: { expiresAt: "2027-01-31T00:00:00Z" } },
  ])("$what: no up opens it again", async ({ args }) => {
    const scene = await openScene();
    const program = [link({ ...args, onConsumed: "recreate" })];
    await scene.done(program);
    for (const each of held(scene.emulator).shareLinks) each.State = "inactive";
    const there = JSON.stringify(held(scene.emulator));
    await scene.done(program);
    await scene.refresh();
    await scene.done(program);
    expect(JSON.stringify(held(scene.emulator))).toBe(there);
    expect(scene.count("createShareLink")).toBe(1);
    expect(outputsOf(scene, "link").state).toBe("inactive");
  });
});

describe("H8 a rotation by age, beside times that are told in other ways", () => {
  test.each([
    "password-time-in-seconds",
    "password-time-date-only",
    "password-time-in-milliseconds",
    "password-time-undatable",
    "password-time-left-out",
  ] as const)("%s: once at first, and once for each due date", async (dialect) => {
    const scene = await openScene({ dialects: [dialect] });
    const program = [login(), rotation({ rotateAfterDays: 30 })];
    const upThrice = async () => {
      for (let ups = 0; ups < 3; ups++) await scene.done(program);
      await scene.refresh();
      await scene.done(program);
    };
    await upThrice();
    expect(scene.count("rotatePassword")).toBe(1);
    await scene.clock.sleep(29 * day);
    await upThrice();
    expect(scene.count("rotatePassword")).toBe(1);
    await scene.clock.sleep(2 * day);
    await upThrice();
    expect(scene.count("rotatePassword")).toBe(2);
    expect(outputsOf(scene, "rotation").password).toBe(held(scene.emulator).credentials[0]?.Password);
  });
});

describe("H9 an SSH key that answers do not show as it was sent", () => {
  test.each([
    "key-body-shortened",
    "key-as-in-examples",
    "key-comment-dropped",
    "key-fingerprint-md5",
  ] as const)("%s: it is added once, and stays", async (dialect) => {
    const scene = await openScene({ dialects: [dialect] });
    const program = [
      login(),
      key(),
      key({ sshPublicKeyBody: rsa }, "rsa"),
      key({ sshPublicKeyBody: ecdsa }, "ec"),
    ];
    await scene.done(program);
    const there = JSON.stringify(held(scene.emulator).sshPublicKeys);
    await expectSettled(scene, program);
    expect(JSON.stringify(held(scene.emulator).sshPublicKeys)).toBe(there);
    expect(scene.count("addSshPublicKey")).toBe(3);
  });

  test("key-body-shortened: another key in the program replaces the one that is there", async () => {
    const scene = await openScene({ dialects: ["key-body-shortened"] });
    await scene.done([login(), key()]);
    await scene.done([login(), key({ sshPublicKeyBody: rsa })]);
    expect(held(scene.emulator).sshPublicKeys.map(({ Type }) => Type)).toEqual(["rsa"]);
  });
});

describe("H10 a create acts, its connection breaks, and the service spells things its own way", () => {
  test.each([
    { dialect: "url-with-slash", declared: hook({ url: "https://hooks.example.com" }) },
    { dialect: "url-normalized", declared: hook({ url: "https://Hooks.Example.com" }) },
    { dialect: "text-trimmed", declared: hook({ alias: " the best of all hooks " }) },
    { dialect: "topic-added", declared: hook() },
    { dialect: "link-path-without-slashes", declared: link() },
    { dialect: "link-times-cut", declared: link({ expiresAt: 1_800_000_000_123 }) },
  ] as const)("$dialect: no up makes a second one", async ({ dialect, declared }) => {
    const scene = await openScene({ dialects: [dialect] });
    let broken = false;
    scene.meddle = async (asked, serve) => {
      const answer = await serve();
      if (asked.method !== "POST" || broken) return answer;
      broken = true;
      return "reset";
    };
    const ofKind = () => [...held(scene.emulator).webhooks, ...held(scene.emulator).shareLinks];
    for (let ups = 0; ups < 2; ups++) {
      await scene.up([declared]);
      expect(ofKind()).toHaveLength(1);
    }
    const { failures } = await scene.up([declared]);
    // Found, or refused with the option that takes it over.
    const message = failures.get(declared.name)?.message;
    if (message !== undefined) expect(message).toContain(`import: "${ofKind()[0]?.Id}"`);
    else expect(idIn(scene, declared.name)).toBe(ofKind()[0]?.Id);
  });

  test("url-with-slash: also where the looks of the first up fail", async () => {
    const scene = await openScene({ dialects: ["url-with-slash"] });
    let isDown = false;
    scene.meddle = async (asked, serve) => {
      if (isDown) return refusal(500);
      const answer = await serve();
      if (asked.method !== "POST") return answer;
      isDown = true;
      return "reset";
    };
    const declared = hook({ url: "https://hooks.example.com" });
    await scene.up([declared]);
    isDown = false;
    const { failures } = await scene.up([declared]);
    expect(held(scene.emulator).webhooks).toHaveLength(1);
    expect(failures.get("hook")?.message).toContain(`import: "${held(scene.emulator).webhooks[0]?.Id}"`);
  });
});

describe("H11 a create acts and answers 503, and lists are late", () => {
  test.each([
    { dialect: "late-lists", make: hook, before: [] },
    { dialect: "new-objects-late-in-lists", make: hook, before: [] },
    { dialect: "late-lists", make: link, before: [] },
    { dialect: "late-lists", make: key, before: [login()] },
    { dialect: "late-lists", make: login, before: [] },
  ] as const)("$dialect, $make.name: one is made, and it is known", async ({ dialect, make, before }) => {
    const scene = await openScene({ dialects: [dialect] });
    await scene.done([...before]);
    await scene.clock.sleep(10_000);
    scene.meddle = async (asked, serve) => {
      const answer = await serve();
      return asked.method === "POST" ? refusal(503) : answer;
    };
    const declared = make();
    const { failures } = await scene.up([...before, declared]);
    scene.meddle = (_asked, serve) => serve();
    const objects = Object.values(held(scene.emulator)).flat();
    expect(objects).toHaveLength(before.length + 1);
    if (failures.size > 0) await scene.up([...before, declared]);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(before.length + 1);
  });
});

describe("H12 more webhooks than a service shows, without a sign", () => {
  async function crowded(kind: "webhook" | "share link" | "credential"): Promise<Scene> {
    const scene = await openScene({ dialects: ["pages-without-hint"] });
    for (let index = 0; index < 120; index++) {
      const others = {
        webhook: ["/webhooks", { Url: `https://other.example.com/${index}`, Topics: ["file.created"] }],
        "share link": ["/portal-links", { Path: `/other/${index}/`, Permission: "read-only", Type: "share" }],
        credential: ["/users", { UserName: `other-incoming-${index}` }],
      } as const;
      const [path, body] = others[kind];
      await scene.asSomebody("POST", path, body);
    }
    return scene;
  }

  test("the answer to an update proves ours alive", async () => {
    const scene = await crowded("webhook");
    await scene.done([hook()]);
    await scene.done([hook({ topics: ["file.deleted"] })]);
    expect(scene.count("createWebhook")).toBe(121);
    const ours = held(scene.emulator).webhooks.at(-1);
    expect(ours).toMatchObject({ Id: idIn(scene, "hook"), Topics: ["file.deleted"] });
    expect(outputsOf(scene, "hook").secret).toBe(ours?.Secret);
  });

  test.each([
    { kind: "share link", first: link(), second: link({ notes: "for the auditors" }) },
    { kind: "credential", first: login(), second: login({ permission: "read-only" }) },
  ] as const)("a $kind beyond the page is updated, refreshed and kept", async ({ kind, first, second }) => {
    const scene = await crowded(kind);
    await scene.done([first]);
    const id = idIn(scene, first.name);
    await scene.done([second]);
    await scene.refresh();
    await expectSettled(scene, [second]);
    expect(idIn(scene, first.name)).toBe(id);
  });
});

describe("H13 a list that says in a header that it is not all", () => {
  test.each([
    { header: "x-total-count", value: "121" },
    { header: "content-range", value: "items 0-99/121" },
    { header: "x-next-page", value: "2" },
    { header: "link", value: '<https://api.example.com/webhooks?page=2>; rel="next"' },
    { header: "x-has-more", value: "true" },
  ])("$header: a refresh keeps what it does not show", async ({ header, value }) => {
    const scene = await openScene();
    const program = [login(), key(), hook(), link()];
    await scene.done(program);
    scene.meddle = async (asked, serve) => {
      const answer = await serve();
      if (asked.method !== "GET" || !answer.body.startsWith("[")) return answer;
      return { ...withJson(answer, () => []), headers: { ...answer.headers, [header]: value } };
    };
    const { failures, printed } = await scene.refresh();
    expect([...scene.engine.state.keys()]).toEqual(program.map(({ name }) => name));
    expect(failures.has("hook")).toBe(true);
    expect(printed).toContain("not complete");
  });

  test.each(["pages-total-count", "pages-content-range", "pages-next-page", "pages-link-next"] as const)(
    "%s: among 120 others a webhook is neither dropped nor made twice",
    async (dialect) => {
      const scene = await openScene({ dialects: [dialect] });
      await scene.done([hook()]);
      const { Id = "" } = held(scene.emulator).webhooks[0] ?? {};
      const ours = scene.emulator.data.webhooks.get(Id);
      for (let index = 0; index < 120; index++) {
        const body = { Url: `https://other.example.com/${index}`, Topics: ["file.created"] };
        await scene.asSomebody("POST", "/webhooks", body);
      }
      // The newest is the last.
      scene.emulator.data.webhooks.delete(Id);
      if (ours !== undefined) scene.emulator.data.webhooks.set(Id, ours);
      const { failures } = await scene.refresh();
      expect(failures.has("hook")).toBe(true);
      expect(idIn(scene, "hook")).toBe(Id);
      await scene.up([hook()]);
      expect(held(scene.emulator).webhooks).toHaveLength(121);
    },
  );
});

describe("H14 the engine calls a create again in the same process, twice", () => {
  test.each([
    { what: "webhook", make: hook, before: [] },
    { what: "share link", make: link, before: [] },
    { what: "SSH key", make: key, before: [login()] },
    { what: "login", make: login, before: [] },
    { what: "login with rules", make: () => login({ inboundRules: rules }), before: [] },
  ])("one $what is made, though its answer is lost and the looks fail", async ({ make, before }) => {
    const scene = await openScene({
      wrap: (handlers) => ({
        ...handlers,
        async create(inputs) {
          for (let tries = 1; ; tries++) {
            try {
              return await handlers.create(inputs);
            } catch (error) {
              if (tries === 3) throw error;
            }
          }
        },
      }),
    });
    await scene.done([...before]);
    let failing = 0;
    scene.meddle = async (asked, serve) => {
      if (asked.method === "GET" && failing > 0) {
        failing -= 1;
        return refusal(500);
      }
      const answer = await serve();
      if (asked.method !== "POST") return answer;
      failing = 60;
      return "reset";
    };
    await scene.up([...before, make()]);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(before.length + 1);
    failing = 0;
    await scene.up([...before, make()]);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(before.length + 1);
  });
});

describe("H15 a service that cuts a string inside an emoji", () => {
  const cut = "Acme 🚚 deliveries, daily";
  test.each([
    { field: "alias of a login", declared: login({ alias: cut }) },
    { field: "alias of a webhook", declared: hook({ alias: cut }) },
    { field: "notes of a link", declared: link({ notes: cut }) },
  ])("$field: the id is kept, and what is recorded can be carried", async ({ declared }) => {
    const scene = await openScene({ dialects: ["text-cut-in-emoji"] });
    await scene.done([declared]);
    await expectSettled(scene, [declared]);
    expect(Object.values(held(scene.emulator)).flat()).toHaveLength(1);
    expect(idIn(scene, declared.name)).toBe(Object.values(held(scene.emulator)).flat()[0]?.Id);
    for (const each of stringsIn(outputsOf(scene, declared.name))) expect(each.isWellFormed()).toBe(true);
  });

  test("a name of somebody else's that was cut stops nothing", async () => {
    const scene = await openScene({ dialects: ["text-cut-in-emoji"] });
    await scene.asSomebody("POST", "/users", { UserName: "other-incoming", Alias: cut });
    await scene.done([login()]);
    await expectSettled(scene, [login()]);
  });

  function stringsIn(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
  }
});

describe("H16 two of the same in one program", () => {
  test.each([
    { what: "keys on one login", before: [login()], pair: [key(), key({}, "again")] },
    {
      what: "keys on one login, with other comments",
      before: [login()],
      pair: [key(), key({ sshPublicKeyBody: ed25519.replace(/ \S+$/, " somebody@else.example") }, "again")],
    },
    { what: "share links", before: [], pair: [link(), link({}, "again")] },
    { what: "webhooks", before: [], pair: [hook({ alias: "a" }), hook({ alias: "a" }, "again")] },
    { what: "logins", before: [], pair: [login(), login({}, "again")] },
  ])("$what are refused in preview, in both orders, and up makes one at most", async ({ before, pair }) => {
    for (const both of [pair, [...pair].reverse()]) {
      const scene = await openScene();
      await scene.done(before);
      scene.writes();
      const program = [...before, ...both];
      const { failures, printed } = await scene.preview(program);
      expect([...failures.keys()]).toEqual([both[1]?.name]);
      expect(printed).toMatch(/in this program declares the same/);
      expect(scene.writes()).toEqual([]);
      await scene.up(program);
      expect(Object.values(held(scene.emulator)).flat()).toHaveLength(before.length + 1);
    }
  });

  test("two that differ in one field only are both made", async () => {
    const scene = await openScene();
    await scene.done([link(), link({ notes: "second" }, "again")]);
    expect(held(scene.emulator).shareLinks).toHaveLength(2);
  });
});

describe("H17 two resources with one name, of which one is in the stack already", () => {
  test.each([
    { what: "the new one last", program: [login(), login({}, "second")] },
    { what: "the new one first", program: [login({}, "second"), login()] },
    { what: "both renamed to it", program: [login({}, "second"), login({}, "third"), login()] },
  ])("$what: refused in preview", async ({ program }) => {
    const scene = await openScene();
    await scene.done([login()]);
    scene.writes();
    const { failures, printed } = await scene.preview(program);
    expect(failures.size).toBe(program.length - 1);
    expect(printed).toMatch(/in this program declares the same/);
    await scene.up(program);
    expect(scene.writes()).toEqual([]);
    expect(held(scene.emulator).credentials).toHaveLength(1);
  });

  test("a login that is renamed in the service to the name of a new one is refused too", async () => {
    const scene = await openScene();
    await scene.done([login({ userName: "acme-outgoing" })]);
    const { failures } = await scene.preview([login(), login({}, "second")]);
    expect([...failures.keys()]).toEqual(["second"]);
  });
});

describe("H19 a login that has expired is given a new expiration", () => {
  async function expired(args: Declared["args"] = {}): Promise<Scene> {
    const scene = await openScene();
    await scene.done([login({ expiration: scene.now() + day, ...args })]);
    await scene.clock.sleep(2 * day);
    await scene.refresh();
    expect(held(scene.emulator).credentials[0]?.State).toBe("inactive");
    return scene;
  }

  test("without a declared state the preview and the up say what to declare", async () => {
    const scene = await expired();
    const program = [login({ expiration: scene.now() + 7 * day })];
    const preview = await scene.preview(program);
    const up = await scene.done(program);
    const { State } = held(scene.emulator).credentials[0] ?? {};
    if (State !== "active") {
      expect(preview.printed).toContain('declare state: "active"');
      expect(up.printed).toContain('declare state: "active"');
    }
  });

  test("without a refresh before it, too", async () => {
    const scene = await openScene();
    await scene.done([login({ expiration: scene.now() + day })]);
    await scene.clock.sleep(2 * day);
    const { printed } = await scene.done([login({ expiration: scene.now() + 7 * day })]);
    const { State } = held(scene.emulator).credentials[0] ?? {};
    if (State !== "active") expect(printed).toContain('declare state: "active"');
  });

  test("with the declared state it is active again, and nothing is left to do", async () => {
    const scene = await expired({ state: "active" });
    const program = [login({ expiration: scene.now() + 7 * day, state: "active" })];
    await scene.done(program);
    expect(held(scene.emulator).credentials[0]).toMatchObject({ State: "active" });
    await expectSettled(scene, program);
  });

  test("an expiration that is taken out does not open it", async () => {
    const scene = await expired();
    await scene.done([login()]);
    expect(held(scene.emulator).credentials[0]?.State).toBe("inactive");
    expect(changesOf(await scene.preview([login()]))).toEqual([]);
  });
});
