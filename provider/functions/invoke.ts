/** How functions reach the API: in the program's process, with a client that is loaded at the first call. */
import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../api/client";
import { Provider } from "../config/explicitProvider";
import { configKeys, type RawConfig } from "../config/settingNames";

/** Options of a function. */
export interface FunctionOptions {
  /** An explicit `Provider` of this package, whose organization is asked. Default: the stack's. */
  provider?: Provider | undefined;
  /**
   * Whether passwords, `uri`, webhook secrets, authorization headers and share links' addresses are in the
   * result. Default of the plain form: `false`, they are left out. Default of the Output form: `true`, and the
   * result is a secret.
   */
  includeSecrets?: boolean | undefined;
}

/** One client for the same settings, so that connections are kept between calls of one run. */
const clients = new Map<string, Client>();

/** The same clients, with lists that are shared by the calls of one moment. */
const sharing = new Map<string, Client>();

/** The client for these options; throws what is wrong with the configuration. */
export async function clientFor(opts: FunctionOptions | undefined): Promise<Client> {
  if (opts?.provider === undefined) return clientOf(stackConfig());
  if (!(opts.provider instanceof Provider)) {
    throw new Error("The option `provider` must be a Provider of pulumi-sftptogo.");
  }
  return clientOf(await known(opts.provider.rawConfig));
}

function clientOf(config: RawConfig): Client {
  const { resolveSettings, SettingsError } =
    require("../config/settings") as typeof import("../config/settings");
  const settings = resolveSettings(config, process.env);
  if (settings instanceof SettingsError) throw settings;
  const name = JSON.stringify(settings);
  let client = sharing.get(name);
  if (client === undefined) {
    const { createClient } = require("../api/client") as typeof import("../api/client");
    const { systemClock } = require("../api/transport") as typeof import("../api/transport");
    const { shareLists } = require("../api/sharedLists") as typeof import("../api/sharedLists");
    const unshared = clients.get(name) ?? createClient(settings);
    clients.set(name, unshared);
    client = shareLists(unshared, systemClock);
    sharing.set(name, client);
    // What the program's resources write, in another process, is not seen here: a call that waited for one of
    // them must not be given a list from before.
    setImmediate(() => sharing.delete(name));
  }
  return client;
}

function stackConfig(): RawConfig {
  return Object.fromEntries(configKeys.map((key) => [key, pulumi.runtime.getConfig(key)]));
}

/** The value of an output that has to be known here and now. */
async function known<T>(output: pulumi.Output<T>): Promise<T> {
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) {
    throw new Error(
      "The Provider's arguments are not known yet in this preview: use the Output form of the function.",
    );
  }
  return new Promise((resolve) => void output.apply(resolve));
}

/** The Output form of a plain function: waits for its arguments, and marks a result that holds secrets. */
export function outputForm<Args, Result>(
  plain: (args: Args, opts: FunctionOptions) => Promise<Result>,
  args: pulumi.Input<Args>,
  opts: FunctionOptions | undefined,
): pulumi.Output<Result> {
  const includeSecrets = opts?.includeSecrets ?? true;
  // A provider's configuration holds its key, which is not in the result; a secret argument may be.
  const provider = pulumi.unsecret(pulumi.output(opts?.provider?.rawConfig));
  const result = pulumi
    .all([args, provider])
    .apply(([value]) => plain(value as Args, { ...opts, includeSecrets }));
  return (includeSecrets ? pulumi.secret(result) : result) as pulumi.Output<Result>;
}

/** The one object that fits, by id, name or alias. */
export function one<T>(noun: string, wanted: string, items: readonly T[], idOf: (item: T) => string): T {
  const [first, ...others] = items;
  if (first === undefined) throw new Error(`There is no ${noun} with ${wanted}.`);
  if (others.length > 0) {
    throw new Error(
      `There are ${items.length} ${noun}s with ${wanted} (ids ${items.map(idOf).join(", ")}): ask for one by id.`,
    );
  }
  return first;
}
