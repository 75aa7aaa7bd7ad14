/**
 * The programs that are compared: ours, and the same on handlers that do nothing. They run in a stack's folder,
 * three levels below tests/, from where they find what they need.
 */
import { registered } from "#registered";

/**
 * `ours`: this package. `nothing`: a class as the SDK's guide has it, on handlers that do nothing. `nothingQuiet`: that one, but without the traces of
 * the SDK's promises, as ours: what ours takes beyond it is our own part.
 */
export type Variant = "ours" | "nothing" | "nothingQuiet";

const args = `{ homeDirectory: "/partners/" + i, permission: "read-write", state: "active" }`;

/** Where the handlers are, for a process that runs in a stack's folder. */
const handlers = "../../../bench/nothing/handlers.cjs";

const ours = registered.Credential;

/** As long as the text of ours: bytes of state are time. */
export const stubs = {
  ours: ours.stub,
  nothing: `exports.handler=()=>require(require.resolve("${handlers}",{paths:["."]})).handlers`.padEnd(
    ours.stub.length,
    " ",
  ),
} as const satisfies Partial<Record<Variant, string>>;

/** A program that declares so many credentials. */
export function program(variant: Variant, count: number): string {
  const loop = `for (let i = 0; i < ${count}; i++) new Credential("partner-" + i, ${args});\n`;
  if (variant === "ours") {
    return `import { Credential } from "pulumi-sftptogo";\n${loop}`;
  }
  const [pause, resume] = variant === "nothingQuiet" ? [pauseTraces, resumeTraces] : ["", ""];
  return `import * as pulumi from "@pulumi/pulumi";
class Credential extends pulumi.CustomResource {
  constructor(name, args) {
    // As ours, it has an output for each argument that is left out.
    const outputs = { ${ours.properties.map((key) => `${key}: undefined`).join(", ")} };
    ${pause}
    super(
      "pulumi-nodejs:dynamic/sftptogo:Credential",
      name,
      { ...outputs, ...args, __provider: ${JSON.stringify(stubs.nothing)} },
      { additionalSecretOutputs: ["password"], deleteBeforeReplace: true },
    );
    ${resume}
  }
}
${loop}`;
}

/** Not as a function around `super`: each frame more is kept in the state's stack trace. */
const pauseTraces = `const format = Error.prepareStackTrace;
    Error.prepareStackTrace = (error, frames) =>
      frames[0]?.getFunctionName() === "debuggablePromise" ? "" : format(error, frames);`;
const resumeTraces = "Error.prepareStackTrace = format;";
