/** A replacement whose new object was made, and whose answer said no: the next up offers it, and import takes it. */
import { expect, test } from "vitest";
import type { Program } from "../harness/stage/program.js";
import { openRealStage } from "../harness/stage/real.js";

const acme = { name: "acme", kind: "Credential", args: { userName: "acme-incoming" } } as const;

test("a replacement that failed after it had made its object goes on by the import option", async () => {
  await using stage = await openRealStage();
  const { emulator } = stage;
  const program: Program = [acme];
  await stage.up(program);
  emulator.addFault({ name: "status", status: 409, when: "after", operation: "createCredential" });
  const failed = await stage.up(program, { replace: ["acme"] });
  expect(failed.failures.get("acme")?.message).toContain("import: ");
  const made = stage.login();

  const refused = await stage.up(program);
  expect(refused.failures.get("acme")?.message).toContain(`{ import: "${made.Id}" }`);
  stage.writes();
  const adopted = await stage.up([{ ...acme, import: made.Id }]);
  expect([...adopted.failures]).toEqual([]);
  expect((await stage.state()).get("acme")?.id).toBe(made.Id);
  expect((await stage.preview(program)).steps).toEqual([{ op: "same", name: "acme" }]);
  expect(stage.writes()).toEqual([]);
  await stage.destroy();
  expect([...emulator.data.credentials.values()]).toEqual([emulator.data.root]);
});
