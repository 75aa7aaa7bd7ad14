import { afterEach, describe, expect, it } from "vitest";
import { createStack, EngineCommandError, type TestStack } from "#stack";

/** A dynamic resource whose create takes as long as it is told. */
const PROBE = `
import * as pulumi from "@pulumi/pulumi";
const provider = \`exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: JSON.stringify(olds) !== JSON.stringify(news) }),
  create: async (inputs) => {
    await new Promise((done) => setTimeout(done, inputs.milliseconds ?? 0));
    return { id: "probe", outs: inputs };
  },
  update: async (id, olds, news) => ({ outs: news }),
})\`;
class Probe extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs) {
    super("pulumi-nodejs:dynamic/sftptogo:Probe", name, { __provider: provider, ...props });
  }
}
`;

let stack: TestStack;
afterEach(() => stack?.dispose());

describe("a stack", () => {
  it("goes from nothing to a resource and back", async () => {
    stack = await createStack({
      program: `${PROBE}
        const config = new pulumi.Config("sftptogo");
        new Probe("a", { text: config.require("organizationId"), gone: null });
        export const key: pulumi.Output<string> = config.requireSecret("apiKey");`,
      config: { "sftptogo:apiKey": { secret: "very=secret" }, "sftptogo:organizationId": "org" },
    });
    expect((await stack.preview()).stdout).toContain("+ 2 to create");
    await stack.up();
    expect(await stack.outputs()).toEqual({ key: "[secret]" });
    expect(await stack.outputs({ showSecrets: true })).toEqual({ key: "very=secret" });
    expect(await stack.stateText()).not.toContain("very=secret");
    const probe = (await stack.exportState()).resources?.at(-1);
    expect(probe?.inputs).toMatchObject({ text: "org", gone: null });
    await stack.refresh();
    await stack.expectNoChanges();

    await stack.writeProgram(`${PROBE} new Probe("a", { text: "changed" });`);
    await expect(stack.expectNoChanges()).rejects.toThrow("no changes were expected");
    await stack.destroy();
    expect((await stack.exportState()).resources ?? []).toEqual([]);
  });

  it("rejects with all that was printed, and tells apart an expected failure", async () => {
    stack = await createStack({ program: `throw new Error("not today");` });
    await expect(stack.up()).rejects.toThrow(/^pulumi up .* ended with 1\n(.|\n)*not today/);
    expect((await stack.up([], { fails: true })).all).toContain("not today");
    await stack.writeProgram("export {};");
    await expect(stack.up([], { fails: true })).rejects.toBeInstanceOf(EngineCommandError);
  });

  it("checks the types of a CommonJS program", async () => {
    stack = await createStack({ program: `export const text: string = 1;`, language: "commonjs" });
    expect((await stack.up([], { fails: true })).all).toContain(
      "Type 'number' is not assignable to type 'string'",
    );
  });

  it("survives a crash of the engine in the middle of a create", async () => {
    stack = await createStack({ program: `${PROBE} new Probe("a", { milliseconds: 1500 });` });
    const running = stack.spawn(["up", "--yes", "--skip-preview"]);
    await running.printed("Probe a creating");
    const orphans = await stack.crash(running);
    expect(orphans.some((entry) => entry.commandLine.includes("dynamic-provider"))).toBe(true);
    expect((await running.result).signal).toBe("SIGKILL");
    expect((await stack.exportState()).pending_operations).toMatchObject([{ type: "creating" }]);

    expect((await stack.up([], { fails: true })).all).toContain("currently locked");
    await stack.cancel();
    await stack.up();
    expect((await stack.exportState()).resources?.at(-1)).toMatchObject({ id: "probe" });
  });

  it("survives a crash of the provider", async () => {
    stack = await createStack({ program: `${PROBE} new Probe("a", { milliseconds: 5000 });` });
    const running = stack.spawn(["up", "--yes", "--skip-preview"]);
    await running.printed("Probe a creating");
    await stack.crashProviders(running);
    expect((await running.result).code).not.toBe(0);
    expect((await running.result).all).toContain("error reading from server: EOF");
  });
});
