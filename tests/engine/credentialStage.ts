/** What the tests of logins and their passwords play on: an emulator, and a stack of the real engine on it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator, EmulatorOptions, StoredCredential } from "pulumi-sftptogo/emulator";
import { startEmulator } from "pulumi-sftptogo/emulator";
import { createStack, type StateResource, type TestStack } from "#stack";

export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly stack: TestStack;
  /** Replaces the program: what stands below its imports. */
  write(program: string): Promise<void>;
  /** What the server was asked to change since the last call, in order. */
  writes(): Write[];
  /** Moves the clock of the service and of all commands to come; a real wait would be as long as its margins. */
  passTime(milliseconds: number): Promise<void>;
  /** The only login beside root; it is an error if there are none or several. */
  login(): StoredCredential;
  /** The resource of this name in the state; it is an error if it is not there once. */
  inState(name: string): Promise<StateResource>;
}

/** A request that may change something; passwords in it are `[secret]`. */
export interface Write {
  readonly operation: string;
  readonly body: unknown;
}

/** A fresh emulator, and a stack with a program that is not run yet. */
export async function openStage(program: string, options: EmulatorOptions = {}): Promise<Stage> {
  let ahead = 0;
  const emulator = await startEmulator({ ...options, now: () => Date.now() + ahead });
  const stack = await createStack({
    program: withImports(program),
    config: {
      "sftptogo:baseUrl": emulator.url,
      "sftptogo:organizationId": emulator.organizationId,
      "sftptogo:apiKey": { secret: emulator.apiKey },
    },
  }).catch(async (error: unknown) => {
    await emulator.close();
    throw error;
  });
  return {
    emulator,
    stack,
    write: (text) => stack.writeProgram(withImports(text)),
    writes() {
      const entries = emulator.ledger.filter((entry) => entry.method !== "GET");
      const writes = entries.map(({ operation, body }) => ({ operation, body }));
      emulator.clearLedger();
      return writes;
    },
    async passTime(milliseconds) {
      ahead += milliseconds;
      const clock = join(stack.folder, "clock.cjs");
      await writeFile(clock, `const now = Date.now; Date.now = () => now() + ${ahead};`);
      stack.env.NODE_OPTIONS = `--require=${clock}`;
    },
    login: () => single([...emulator.data.credentials.values()].filter((each) => !each.IsDefault)),
    async inState(name) {
      const { resources = [] } = await stack.exportState();
      return single(resources.filter((resource) => resource.urn.endsWith(`::${name}`)));
    },
    async [Symbol.asyncDispose]() {
      await stack.dispose();
      await emulator.close();
    },
  };
}

function withImports(program: string): string {
  return `import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
${program}`;
}

function single<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`there are ${items.length}, not one`);
  return item;
}
