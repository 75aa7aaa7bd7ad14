/** A share link that is used up: what the service does at its limit, and what the program says to that. */
import type { StoredShareLink } from "pulumi-sftptogo/emulator";
import { afterEach, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

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

describe.each(["remove", "deactivate"] as const)(
  "a link at its limit, which the service will %s",
  (atAccessLimit) => {
    const limited = `${least}, accessLimit: 1`;

    it("stays closed, and asks for nothing, unless the program says otherwise", async () => {
      stage = await openRealStage(program(limited), { atAccessLimit });
      const { stack, emulator } = stage;
      await stack.up();
      const { Id } = link();
      operations();
      expect(emulator.accessShareLink(Id)).toBe(true);
      await stack.refresh();
      expect(await stage.inState("report")).toMatchObject({
        id: Id,
        outputs: { state: atAccessLimit === "remove" ? "removed" : "inactive" },
      });
      await stack.expectNoChanges();
      await stack.up();
      expect(operations()).toEqual([]);
      expect(emulator.accessShareLink(Id)).toBe(false);

      // Asked for later, a new one with a new address is made once.
      await stage.write(program(`${limited}, onConsumed: "recreate"`));
      expect((await stack.preview()).stdout).toContain("ShareLink: (replace)");
      await stack.up();
      await stack.expectNoChanges();
      expect(operations()).toEqual(["deleteShareLink", "createShareLink"]);
      expect(link().Id).not.toBe(Id);
      expect(emulator.accessShareLink(link().Id)).toBe(true);
      await stack.destroy();
      expect([...emulator.data.shareLinks]).toEqual([]);
    });

    it("is made anew where the program asks for it, with a new address", async () => {
      stage = await openRealStage(program(`${limited}, onConsumed: "recreate"`), { atAccessLimit });
      const { stack, emulator } = stage;
      await stack.up();
      const { Id, Url } = link();
      operations();
      emulator.accessShareLink(Id);
      await stack.up(["--refresh"]);
      expect(operations().filter((each) => each !== "deleteShareLink")).toEqual(["createShareLink"]);
      expect(link()).toMatchObject({ Path: "/reports/", AccessLimit: 1, State: "active" });
      expect(link().Url).not.toBe(Url);
      expect(await stage.inState("report")).toMatchObject({ id: link().Id });
      await stack.expectNoChanges();
    });
  },
);
