/** A share link's life on the real engine, as it is printed: made and removed. */
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
});
