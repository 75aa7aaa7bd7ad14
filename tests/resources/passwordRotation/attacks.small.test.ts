/** What can be declared around a password rotation, on the small engine; judged by the emulator. */
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Plain } from "../../../provider/values/plain.js";
import { loadProduct } from "../../harness/stage/product.js";
import { type Declared, idOf, type Program } from "../../harness/stage/program.js";
import { openSmallStage, type SmallStage } from "../../harness/stage/small.js";
import type { Report } from "../../harness/stage/stage.js";

/** What the engine sends for what a preview does not know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let stage: SmallStage;

beforeEach(async () => {
  stage = await openSmallStage({ product: await loadProduct() });
  onTestFinished(() => stage[Symbol.asyncDispose]());
});

const acme: Declared = {
  name: "acme",
  kind: "Credential",
  args: { userName: "acme-incoming", homeDirectory: "/acme" },
};

function rotation(name: string, args: Plain = {}): Declared {
  return { name, kind: "PasswordRotation", args: { credentialId: idOf("acme"), triggers: 1, ...args } };
}

async function done(command: Promise<Report>): Promise<string> {
  const { failures, printed } = await command;
  expect([...failures.values()].map(String)).toEqual([]);
  return printed;
}

function rotations(): number {
  return stage.emulator.ledger.filter(({ path }) => path.endsWith("/credential-rotations")).length;
}

describe("two rotations of one credential", () => {
  const refusal = /"one" in this program manages the password of credential \S+ too: keep one of them/;

  test("are refused by the preview, since the outputs of the first would be a dead password", async () => {
    await done(stage.up([acme, rotation("one")]));
    const { failures } = await stage.preview([acme, rotation("one"), rotation("two")]);
    expect(failures.get("two")?.message).toMatch(refusal);
  });

  test("are refused in the up that makes the credential: it is rotated once", async () => {
    const { failures } = await stage.up([acme, rotation("one"), rotation("two")]);
    expect(failures.get("two")?.message).toMatch(refusal);
    expect(rotations()).toBe(1);
    const { password } = (await stage.state()).get("one")?.outputs ?? {};
    expect(password).toBe(stage.emulator.data.findCredential("acme-incoming")?.Password);
  });

  test("are refused where one declares the password", async () => {
    await done(stage.up([acme, rotation("one")]));
    const { failures } = await stage.preview([
      acme,
      rotation("one"),
      rotation("two", { password: "Chosen-1!" }),
    ]);
    expect(failures.get("two")?.message).toMatch(refusal);
  });

  test("are one where it is renamed, or its trigger changes", async () => {
    await done(stage.up([acme, rotation("one")]));
    await done(stage.up([acme, rotation("renamed")]));
    await done(stage.up([acme, rotation("renamed", { triggers: 2 })]));
    expect(rotations()).toBe(3);
  });
});

describe("that the present password stops working", () => {
  const announced = /credential \S+ gets a new password, and its present one stops working/;

  async function printedBy(command: "preview" | "up", program: Program): Promise<string> {
    return done(stage[command](program));
  }

  test("is said by the preview of a rotation of a login that is in use", async () => {
    await done(stage.up([acme]));
    expect(await printedBy("preview", [acme, rotation("one")])).toMatch(announced);
    expect(await printedBy("up", [acme, rotation("one")])).toMatch(announced);
  });

  test("is said at each change of a trigger, with an if while it is not known", async () => {
    await done(stage.up([acme, rotation("one")]));
    expect(await printedBy("preview", [acme, rotation("one", { triggers: 2 })])).toMatch(announced);
    expect(await printedBy("preview", [acme, rotation("one", { triggers: unknown })])).toMatch(
      /if its triggers come out changed, credential \S+ gets a new password/,
    );
  });

  test("is said without an if where the age rotates it, whatever its triggers come out as", async () => {
    await done(stage.up([acme, rotation("one", { rotateAfterDays: 1 })]));
    await stage.clock.sleep(2 * 86_400_000);
    const due = rotation("one", { rotateAfterDays: 1, triggers: unknown });
    expect(await printedBy("preview", [acme, due])).toMatch(/"one": credential \S+ gets a new password/);
  });

  test("is said of any other password where the program declares one, which may be the present one", async () => {
    const chosen = { password: "Chosen-1!" };
    await done(stage.up([acme, rotation("one", chosen)]));
    expect(await printedBy("preview", [acme, rotation("one", { ...chosen, triggers: 2 })])).toMatch(
      /"one": credential \S+ gets the password that the program declares, and any other one stops working/,
    );
    expect(await printedBy("preview", [acme, rotation("one", { password: unknown })])).toMatch(
      /"one": if its password comes out changed, credential \S+ gets the password that the program declares/,
    );
  });

  test("is not said of a login that the same update makes, nor where nothing rotates", async () => {
    expect(await printedBy("preview", [acme, rotation("one")])).not.toMatch(announced);
    expect(await printedBy("up", [acme, rotation("one")])).not.toMatch(announced);
    expect(await printedBy("up", [acme, rotation("one")])).not.toMatch(announced);
  });

  test("is not said of a rotation that is taken over", async () => {
    await done(stage.up([acme, rotation("one")]));
    const id = (await stage.state()).get("one")?.id;
    await done(stage.up([acme]));
    expect(await printedBy("up", [acme, { ...rotation("one"), import: id }])).not.toMatch(announced);
    expect(rotations()).toBe(1);
  });
});

describe("an import option that stays in the program", () => {
  async function takenOver(id: (credentialId: string) => string) {
    await done(stage.up([acme]));
    const credentialId = (await stage.state()).get("acme")?.id ?? "";
    const one = (args: Plain): Declared => ({ ...rotation("one", args), import: id(credentialId) });
    await done(stage.up([acme, one({})]));
    expect(rotations()).toBe(0);
    return one;
  }

  test("takes over once: each later change of a trigger rotates", async () => {
    const one = await takenOver((id) => `${id}/1700000000000`);
    for (const triggers of [2, 3, 4]) {
      await done(stage.up([acme, one({ triggers })]));
      expect(rotations()).toBe(triggers - 1);
    }
    await done(stage.up([acme, one({ triggers: 4 })]));
    expect(rotations()).toBe(3);
  });

  test("nor does it keep a password from being rotated that is too old", async () => {
    const one = await takenOver((id) => `${id}/${stage.now()}`);
    for (const expected of [1, 2]) {
      await stage.clock.sleep(2 * 86_400_000);
      await done(stage.up([acme, one({ rotateAfterDays: 1 })]));
      expect(rotations()).toBe(expected);
    }
  });

  test("takes over once more what has left the stack", async () => {
    const one = await takenOver((id) => `${id}/1700000000000`);
    await done(stage.up([acme, one({ triggers: 2 })]));
    await done(stage.up([acme]));
    await done(stage.up([acme, one({ triggers: 3 })]));
    expect(rotations()).toBe(1);
  });
});
