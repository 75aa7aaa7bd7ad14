/** In place of `@pulumi/command`: its types as far as the guides use them, and what it does with them. */
import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";

interface CommandArgs {
  create?: pulumi.Input<string>;
  stdin?: pulumi.Input<string>;
  triggers?: pulumi.Input<unknown[]>;
  logging?: pulumi.Input<"stdout" | "stderr" | "stdoutAndStderr" | "none">;
}

interface Inputs {
  readonly create: string;
  readonly stdin?: string;
  readonly triggers?: unknown[];
  readonly logging?: string;
}

/** Triggers replace it; any other change runs the command again. What it prints is an output, and in errors. */
class Command extends pulumi.dynamic.Resource {
  declare readonly stdout: pulumi.Output<string>;

  constructor(name: string, args: CommandArgs) {
    async function run(inputs: Inputs) {
      const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", inputs.create], {
        input: inputs.stdin ?? "",
        encoding: "utf8",
      });
      if (status !== 0)
        throw new Error(`exit status ${status}: running ${inputs.create}:\n${stdout}${stderr}`);
      if (inputs.logging !== "none") console.log(`${stdout}${stderr}`);
      return { id: "command", outs: { ...inputs, stdout } };
    }
    const provider: pulumi.dynamic.ResourceProvider<Inputs> = {
      async diff(_id, olds, news) {
        const differs = (key: keyof Inputs) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]);
        return {
          changes: differs("create") || differs("stdin") || differs("triggers"),
          replaces: differs("triggers") ? ["triggers"] : [],
        };
      },
      create: run,
      update: (_id, _olds, news) => run(news),
    };
    super(provider, name, { ...args, stdout: undefined }, undefined, "command", "Command");
  }
}

export const local = { Command };
