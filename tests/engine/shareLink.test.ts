/** A share link's whole life on the real engine: made, changed in place, drifted, replaced, taken over. */
import type { StoredShareLink } from "pulumi-sftptogo/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

const password = "Of-the-share-link-tests-1!";
const day = 86_400_000;
const nextMonth = Math.floor(Date.now() / day) * day + 30 * day;

let stage: RealStage;
afterEach(() => stage?.[Symbol.asyncDispose]());

function program(args: string, options = ""): string {
  return `
    const link = new sftptogo.ShareLink("report", { ${args} }, { ${options} });
    export const { url, state, accessLimit } = link;
  `;
}

const least = `path: "/reports/", permission: "read-only"`;

/** The only share link; it is an error if there are none or several. */
function link(): StoredShareLink {
  const [first, ...others] = stage.emulator.data.shareLinks.values();
  if (first === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} or none`);
  return first;
}

function operations(): string[] {
  return stage.writes().map(({ operation }) => operation);
}

describe("a share link's life", () => {
  it("begins with one request, then preview and refresh are empty, and ends with nothing left", async () => {
    stage = await openRealStage(program(`${least}, password: "${password}", expiresAt: ${nextMonth}`));
    const { stack, emulator } = stage;
    await stack.preview();
    expect(operations()).toEqual([]);
    await stack.up();
    await stack.preview(["--expect-no-changes"]);
    await stack.refresh(["--expect-no-changes"]);
    expect(stage.writes()).toEqual([
      {
        operation: "createShareLink",
        body: {
          Path: "/reports/",
          Permission: "read-only",
          ExpiresAt: nextMonth,
          Password: "[secret]",
          Type: "share",
        },
      },
    ]);
    const { url } = await stack.outputs({ showSecrets: true });
    expect(url === link().Url).toBe(true);
    expect(await stack.outputs()).toMatchObject({ url: "[secret]", state: "active" });
    expect(await stage.inState("report")).toMatchObject({ id: link().Id });

    await stack.destroy();
    expect(operations()).toEqual(["deleteShareLink"]);
    expect([...emulator.data.shareLinks]).toEqual([]);
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });

  it("changes each argument in place, and sends only what changed", async () => {
    const other = `path: "/other/", permission: "read-write"`;
    const steps: readonly { readonly args: string; readonly sent: object }[] = [
      { args: `path: "/other/", permission: "read-only"`, sent: { Path: "/other/" } },
      { args: other, sent: { Permission: "read-write" } },
      { args: `${other}, accessLimit: 3`, sent: { AccessLimit: 3 } },
      {
        args: `${other}, accessLimit: null, expiresAt: new Date(${nextMonth}).toISOString()`,
        sent: { AccessLimit: 0, ExpiresAt: nextMonth },
      },
      { args: `${other}, password: "${password}"`, sent: { Password: "[secret]" } },
      {
        args: `${other}, notes: "Q1", expiresAt: null`,
        sent: { ExpiresAt: null, Notes: "Q1" },
      },
      { args: `${other}, notes: null`, sent: { Notes: null } },
    ];
    stage = await openRealStage(program(least));
    const { stack } = stage;
    await stack.up();
    const { Id, Url } = link();
    operations();
    for (const { args, sent } of steps) {
      await stage.write(program(args));
      expect((await stack.up()).stdout).toContain("~ 1 updated");
      expect(stage.writes()).toEqual([{ operation: "updateShareLink", body: sent }]);
    }
    // Our own word: noted, and nothing is sent.
    await stage.write(program(`${other}, notes: null, onConsumed: "recreate"`));
    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual([]);
    expect(link()).toMatchObject({ Id, Url, Path: "/other/", AccessLimit: 0, ExpiresAt: null, Notes: null });
    // Taken out is not taken away.
    expect(link().Password === password).toBe(true);
  });

  it("sees the drift of each declared field in a refresh, and repairs it by the next up", async () => {
    stage = await openRealStage(
      program(`${least}, accessLimit: 3, notes: "Q1", expiresAt: ${nextMonth}, password: "${password}"`),
    );
    const { stack } = stage;
    await stack.up();
    const before = structuredClone(link());
    operations();

    const drifts: readonly [shown: string, drift: Partial<StoredShareLink>][] = [
      ["path", { Path: "/elsewhere/" }],
      ["permission", { Permission: "read-write" }],
      ["accessLimit", { AccessLimit: 300 }],
      ["notes", { Notes: "Somebody else's" }],
      ["expiresAt", { ExpiresAt: nextMonth + day }],
    ];
    for (const [, drift] of drifts) Object.assign(link(), drift);
    const refreshed = await stack.refresh(["--diff"]);
    const preview = await stack.preview();
    for (const [shown] of drifts) {
      expect(refreshed.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
      expect(preview.stdout).toMatch(new RegExp(`[~+-] ${shown}\\b`));
    }
    expect(operations()).toEqual([]);

    await stack.up();
    await stack.expectNoChanges();
    expect(operations()).toEqual(["updateShareLink"]);
    const { UpdatedAt, ...same } = before;
    expect(link()).toMatchObject(same);
  });
});

describe("a share link that exists already", () => {
  it("is refused with the import option, taken over without a write, and not touched when the option goes", async () => {
    stage = await openRealStage(program(`${least}, notes: "Q1"`));
    const { stack, emulator } = stage;
    const there = emulator.data.addShareLink({
      Path: "/reports/",
      Permission: "read-only",
      Notes: "Q1",
      AccessLimit: 5,
    });
    const before = structuredClone(there);
    const option = `import: "${there.Id}"`;
    const warned = (await stack.preview()).all;
    expect(warned).toMatch(
      /warning: .*`pulumi up` will refuse this, unless it replaces what is there: .* import: /,
    );
    const refused = (await stack.up([], { fails: true })).all;
    expect(refused).toContain(`add the option { ${option} }`);
    expect(warned.includes(there.Url) || refused.includes(there.Url)).toBe(false);

    await stage.write(program(`path: "/other/", permission: "read-only", accessLimit: 6`, option));
    expect((await stack.preview([], { fails: true })).all).toContain(
      `import: share link ${there.Id} is not what the program declares: ` +
        'path is "/reports/" there; accessLimit is 5 there. Declare what the service has',
    );
    await stage.write(program(least, `import: "nothing"`));
    expect((await stack.preview([], { fails: true })).all).toContain(
      `import: there is no share link with the id "nothing"`,
    );

    await stage.write(program(`${least}, accessLimit: 5, onConsumed: "keep"`, option));
    await stack.up();
    await stack.expectNoChanges();
    await stage.write(program(`${least}, accessLimit: 5, onConsumed: "keep"`));
    await stack.expectNoChanges();
    expect(operations()).toEqual([]);
    expect(link()).toEqual(before);
    expect((await stack.outputs({ showSecrets: true })).url === there.Url).toBe(true);
    await stack.destroy();
    expect(operations()).toEqual(["deleteShareLink"]);
  });
});
