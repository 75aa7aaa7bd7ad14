/**
 * The two programs that are compared: ours, and the same on handlers that do nothing. Both run in a stack's
 * folder, three levels below tests/, from where they find what they need.
 */
import { stub } from "../../dist/engine/stub.js";

export type Variant = "ours" | "nothing";

const args = `{ homeDirectory: "/partners/" + i, permission: "read-write", state: "active" }`;

/** Where the handlers are, for a process that runs in a stack's folder. */
const handlers = "../../../bench/nothing/handlers.cjs";

/** As long as the text of ours: bytes of state are time. */
export const stubs: Readonly<Record<Variant, string>> = {
  ours: stub("Credential"),
  nothing: `exports.handler=()=>require(require.resolve("${handlers}",{paths:["."]})).handlers`.padEnd(
    stub("Credential").length,
    " ",
  ),
};

/** A program that declares so many credentials. */
export function program(variant: Variant, count: number): string {
  const loop = `for (let i = 0; i < ${count}; i++) new Credential("partner-" + i, ${args});\n`;
  return variant === "ours"
    ? `import { Credential } from "pulumi-sftptogo";\n${loop}`
    : `import * as pulumi from "@pulumi/pulumi";
class Credential extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs) {
    const outputs = {
      alias: undefined,
      userName: undefined,
      password: undefined,
      chrootDirectory: undefined,
      expiration: undefined,
      inboundRules: undefined,
      host: undefined,
      isDefault: undefined,
      organizationId: undefined,
      passwordCreatedAt: undefined,
      createdAt: undefined,
    };
    super(
      "pulumi-nodejs:dynamic/sftptogo:Credential",
      name,
      { ...outputs, ...args, __provider: ${JSON.stringify(stubs.nothing)} },
      { additionalSecretOutputs: ["password"], deleteBeforeReplace: true },
    );
  }
}
${loop}`;
}
