/** A webhook's life on the real engine, as it is printed: made, drifted and repaired, removed. */
import type { StoredWebhook } from "pulumi-sftptogo/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

const url = "https://hooks.example.com/sftp";
const header = "Bearer of-the-webhook-tests";

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function program(args: string, options = ""): string {
  return `
    const hook = new sftptogo.Webhook("arrivals", { ${args} }, { ${options} });
    export const { secret, alias, type, state } = hook;
  `;
}

const least = `url: "${url}", topics: ["file.created"]`;

/** The only webhook; it is an error if there are none or several. */
function webhook(): StoredWebhook {
  const [first, ...others] = stage.emulator.data.webhooks.values();
  if (first === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} or none`);
  return first;
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

describe("a webhook's life", () => {
  it("begins with one request, keeps its secret through a refresh, and ends with nothing left", async () => {
    stage = await openRealStage(program(least));
    const { stack, emulator } = stage;
    await stack.preview();
    expect(operations()).toEqual([]);
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    expect(stage.writes()).toEqual([
      {
        operation: "createWebhook",
        body: { Alias: "arrivals", Url: "[secret]", Type: "webhook", Topics: ["file.created"] },
      },
    ]);
    const outputs = await stack.outputs({ showSecrets: true });
    expect(outputs).toMatchObject({ alias: "arrivals", type: "webhook", state: "enabled" });
    expect(outputs.secret === webhook().Secret).toBe(true);
    expect(await stack.outputs()).toMatchObject({ secret: "[secret]" });
    expect(await stage.inState("arrivals")).toMatchObject({ id: webhook().Id });

    await stack.destroy();
    expect(operations()).toEqual(["deleteWebhook"]);
    expect([...emulator.data.webhooks]).toEqual([]);
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });

  it("sees the drift of each declared field in a refresh, and repairs it by the next up", async () => {
    stage = await openRealStage(
      program(
        `${least}, alias: "Arrivals", type: "webhook", state: "enabled", authorizationHeader: "${header}"`,
      ),
    );
    const { stack } = stage;
    await stack.up();
    const before = structuredClone(webhook());
    operations();

    const drifts: readonly [shown: string, drift: Partial<StoredWebhook>][] = [
      ["alias", { Alias: "Somebody else" }],
      ["type", { Type: "ms-teams" }],
      ["topics", { Topics: ["file.created", "file.deleted"] }],
      ["state", { State: "paused" }],
    ];
    for (const [, drift] of drifts) Object.assign(webhook(), drift);
    const refreshed = await stack.refresh(["--diff"]);
    const preview = await stack.preview();
    for (const [shown] of drifts) {
      expect(refreshed.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
      expect(preview.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
    }
    expect(operations()).toEqual([]);
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["updateWebhook"]);
    const { UpdatedAt, ...same } = before;
    expect(webhook()).toMatchObject(same);

    // A secret's drift is counted, but not shown.
    webhook().AuthorizationHeader = "Bearer drifted";
    webhook().Url = "https://elsewhere.example.com/";
    const secret = await stack.refresh(["--diff"]);
    expect(secret.stdout).toContain("~ 1 updated");
    const repaired = await stack.up();
    expect(stage.writes()).toEqual([
      { operation: "updateWebhook", body: { Url: "[secret]", AuthorizationHeader: "[secret]" } },
    ]);
    expect(webhook().AuthorizationHeader === header).toBe(true);
    expect(webhook().Url).toBe(url);
    for (const { all } of [secret, repaired]) {
      for (const hidden of ["Bearer drifted", header, "https://elsewhere.example.com/", url]) {
        expect(all.includes(hidden)).toBe(false);
      }
    }
  });
});
