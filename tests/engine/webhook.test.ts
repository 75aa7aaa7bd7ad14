/** A webhook's whole life on the real engine: made, changed in place, drifted, paused, removed, taken over. */
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

  it("changes each argument in place, and sends only what changed", async () => {
    const other = "https://hooks.example.com/other";
    const steps: readonly { readonly args: string; readonly sent: object }[] = [
      { args: `${least}, alias: "Arrivals"`, sent: { Alias: "Arrivals" } },
      { args: `url: "${other}", topics: ["file.created"]`, sent: { Url: "[secret]" } },
      {
        args: `url: "${other}", topics: ["file.deleted", "file.created"]`,
        sent: { Topics: ["file.deleted", "file.created"] },
      },
      {
        args: `url: "${other}", topics: ["file.created", "file.deleted"], authorizationHeader: "${header}"`,
        sent: { AuthorizationHeader: "[secret]" },
      },
      {
        args: `url: "${other}", topics: ["file.created", "file.deleted"], authorizationHeader: null`,
        sent: { AuthorizationHeader: "" },
      },
      {
        args: `url: "${other}", topics: ["file.created", "file.deleted"], state: "paused"`,
        sent: { State: "paused" },
      },
      {
        args: `url: "${other}", topics: ["file.created", "file.deleted"], type: "slack"`,
        sent: { Type: "slack" },
      },
    ];
    stage = await openRealStage(program(least));
    const { stack } = stage;
    await stack.up();
    const { Id, Secret } = webhook();
    operations();
    for (const { args, sent } of steps) {
      await stage.write(program(args));
      expect((await stack.up()).stdout).toContain("~ 1 updated");
      expect(stage.writes()).toEqual([{ operation: "updateWebhook", body: sent }]);
      // The ledger hides it, since a webhook's address may hold a token.
      expect(args).toContain(webhook().Url);
    }
    await stack.expectNoChanges();
    // Each step took out what the one before had declared: all of it stayed.
    expect(webhook()).toMatchObject({ Id, Alias: "Arrivals", State: "paused", Type: "slack" });
    expect((await stack.outputs({ showSecrets: true })).secret === Secret).toBe(true);
    expect(operations()).toEqual([]);
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

  it("shows that the service paused it where its state is declared, and only there", async () => {
    stage = await openRealStage(program(least));
    const { stack, emulator } = stage;
    await stack.up();
    emulator.pauseWebhook(webhook().Id);
    operations();
    await stack.refresh();
    expect((await stage.inState("arrivals")).outputs).toMatchObject({ state: "paused" });
    await stack.expectNoChanges();

    await stage.write(program(`${least}, state: "enabled"`));
    await stack.up();
    expect(webhook().State).toBe("enabled");
    emulator.pauseWebhook(webhook().Id);
    expect((await stack.preview(["--refresh"])).stdout).toMatch(/~ state *: "paused" => "enabled"/);
    await stack.up(["--refresh"]);
    expect(stage.writes()).toEqual([
      { operation: "updateWebhook", body: { State: "enabled" } },
      { operation: "updateWebhook", body: { State: "enabled" } },
    ]);
    expect(webhook().State).toBe("enabled");
  });
});

describe("a webhook that exists already", () => {
  it("is refused with the import option, taken over without a write, and not touched when the option goes", async () => {
    stage = await openRealStage(program(least));
    const { stack, emulator } = stage;
    const there = emulator.data.addWebhook({
      Alias: "arrivals",
      Url: url,
      Topics: ["file.created"],
      AuthorizationHeader: header,
    });
    const before = structuredClone(there);
    const option = `import: "${there.Id}"`;
    expect((await stack.preview()).all).toMatch(
      /warning: .*`pulumi up` will refuse this, unless it replaces what is there: .* import: /,
    );
    expect((await stack.up([], { fails: true })).all).toContain(`add the option { ${option} }`);

    await stage.write(
      program(`url: "${url}/x", topics: ["file.deleted"], authorizationHeader: "Bearer other"`, option),
    );
    const mismatch = (await stack.preview([], { fails: true })).all;
    expect(mismatch).toContain(
      `import: webhook ${there.Id} is not what the program declares: ` +
        `url differs (secret); topics is ["file.created"] there; authorizationHeader differs (secret). ` +
        "Declare what the service has, import, and change it afterwards",
    );
    expect(mismatch.includes(header) || mismatch.includes("Bearer other")).toBe(false);
    await stage.write(program(least, `import: "nothing"`));
    expect((await stack.preview([], { fails: true })).all).toContain(
      `import: there is no webhook with the id "nothing"`,
    );

    await stage.write(program(`${least}, authorizationHeader: "${header}"`, option));
    await stack.up();
    await stack.expectNoChanges();
    await stage.write(program(`${least}, authorizationHeader: "${header}"`));
    await stack.expectNoChanges();
    expect(operations()).toEqual([]);
    expect(webhook()).toEqual(before);
    // The list does not show it, and nothing was written: nobody knows it.
    expect((await stack.outputs({ showSecrets: true })).secret).toBe(null);
    await stack.destroy();
    expect(operations()).toEqual(["deleteWebhook"]);
  });
});
