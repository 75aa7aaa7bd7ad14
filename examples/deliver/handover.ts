import { spawn } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";

export interface HandoverArgs {
  /** The program and its arguments, run without a shell. No secret belongs here: anybody can list command lines. */
  command: string[];
  /** What the program reads from its standard input. A change hands over again. */
  input: pulumi.Input<string>;
}

interface Inputs {
  readonly command: string[];
  readonly input: string;
}

/** A program that has run to its end with this input. One that fails is run again by the next `pulumi up`. */
export class Handover extends pulumi.dynamic.Resource {
  constructor(name: string, args: HandoverArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, input: pulumi.secret(args.input) }, opts);
  }
}

const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  async create(inputs) {
    await handOver(inputs);
    return { id: inputs.command.join(" "), outs: inputs };
  },
  async update(_id, _olds, news) {
    await handOver(news);
    return { outs: news };
  },
};

function handOver({ command: [program = "", ...args], input }: Inputs): Promise<void> {
  return new Promise((resolve, reject) => {
    // What the program prints could repeat what it has read, and Pulumi prints what this process prints.
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code}. The next \`pulumi up\` runs it again.`));
    });
    // A program that ends before it has read everything: how it ended counts.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
