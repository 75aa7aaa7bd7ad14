/**
 * How functions are answered: by the API, in the program's own process, with a client that is loaded at the first
 * call; or by a unit test's mocks.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../api/client";
import { NotFoundError, SftpToGoError } from "../api/errors";
import { Provider } from "../config/explicitProvider";
import { configKeys, type RawConfig } from "../config/settingNames";
import { isResource, settled } from "./dependencies";
import type { FunctionOptions, FunctionOutputOptions } from "./options";

/** A function: its name, which keys of each object that it returns are secret, and how the API is asked. */
export interface FunctionSpec<Args extends object, Result> {
  readonly name: string;
  readonly secrets: readonly string[];
  /** What is wrong with the arguments of a program that is not type-checked. */
  validate?(args: Args): string | undefined;
  /** `includeSecrets`: whether they are wanted, which may take a further request. */
  ask(client: Client, args: Args, includeSecrets: boolean): Promise<Result>;
  /** Makes the result of what a unit test's mock returns. */
  fromMock(answer: object): Result;
}

/** The plain form. Leaves secrets out unless they are asked for. */
export async function plainForm<Args extends object, Result>(
  spec: FunctionSpec<Args, Result>,
  args: Args,
  opts: FunctionOptions | undefined,
): Promise<Result> {
  refuse(spec, args);
  const provider = providerOf(opts);
  const includeSecrets = opts?.includeSecrets ?? false;
  const secrets = includeSecrets ? [] : spec.secrets;
  if (isMocked()) {
    const answer = await pulumi.runtime.invoke(tokenOf(spec.name), args, provider ? { provider } : {});
    return withoutKeys(spec.fromMock(answer), secrets);
  }
  const config = provider ? await known(provider.rawConfig) : stackConfig();
  return withoutKeys(await ask(spec, config, args, includeSecrets), secrets);
}

/** The Output form: waits for its arguments and dependencies, and marks a result that may hold secrets. */
export function outputForm<Args extends object, Result>(
  spec: FunctionSpec<Args, Result>,
  args: pulumi.Input<object>,
  opts: FunctionOutputOptions | undefined,
): pulumi.Output<Result> {
  const includeSecrets = opts?.includeSecrets ?? true;
  const secrets = includeSecrets ? [] : spec.secrets;
  const provider = providerOf(opts);
  const mocked = isMocked();
  // Of these only the arguments are in the result: a provider's configuration holds its key, a dependency nothing.
  const config = pulumi.unsecret(pulumi.output(provider?.rawConfig));
  const waited = pulumi.unsecret(settled(opts?.dependsOn));
  const result = pulumi.all([args, config, waited]).apply(([value, raw]) => {
    const ready = value as Args;
    refuse(spec, ready);
    if (mocked) return answerOfMock(spec, ready, provider).apply((found) => withoutKeys(found, secrets));
    return pulumi
      .output(ask(spec, raw ?? stackConfig(), ready, includeSecrets))
      .apply((found) => withoutKeys(found as Result, secrets));
  });
  const secret = includeSecrets && spec.secrets.length > 0;
  return (secret ? pulumi.secret(result) : result) as pulumi.Output<Result>;
}

async function ask<Args extends object, Result>(
  spec: FunctionSpec<Args, Result>,
  config: RawConfig,
  args: Args,
  includeSecrets: boolean,
): Promise<Result> {
  try {
    return await spec.ask(clientOf(config), args, includeSecrets);
  } catch (error) {
    throw isOurs(error) || pulumi.RunError.isInstance(error) ? asRunError(error) : error;
  }
}

function isOurs(error: unknown): error is Error {
  // Loaded by now, and by no program that calls no function.
  const { SettingsError } = require("../config/settings") as typeof import("../config/settings");
  return SftpToGoError.isInstance(error) || SettingsError.isInstance(error);
}

/**
 * An error that no program catches, as a `RunError` is printed: its message alone. By the SDK's own mark, so that its
 * class stays; without it, our stack frames and every property of the error would follow. Of a promise that fails when
 * the program has run to its end, as in `getCredentials().then(…)`, the SDK prints the stack whatever the error is.
 */
function asRunError(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`;
  return Object.defineProperty(error, "__pulumiRunError", { value: true });
}

function misuse(reason: string): Error {
  return asRunError(new pulumi.RunError(reason));
}

/** Through the SDK's own Output form: what the mock marks as secret stays secret. */
function answerOfMock<Args extends object, Result>(
  spec: FunctionSpec<Args, Result>,
  args: Args,
  provider: Provider | undefined,
): pulumi.Output<Result> {
  return pulumi.runtime
    .invokeOutput<object>(tokenOf(spec.name), args, provider ? { provider } : {})
    .apply((answer) => spec.fromMock(answer));
}

/** An object of a mock's answer, as it is. */
export function oneFromMock<T>(answer: object): T {
  return answer as T;
}

/**
 * A list of a mock's answer. The SDK passes objects only: a list arrives as an object with its indices, or stands
 * under a key, as in `{ credentials: [...] }`. Where there is none, as in `{}`, the list is empty.
 */
export function listFromMock<T>(answer: object): T[] {
  const values = Object.values(answer);
  if (values.length > 0 && Object.keys(answer).every((key, index) => key === String(index))) return values;
  return values.find(Array.isArray) ?? [];
}

/** The token that mocks see, in the form of any provider's: `sftptogo:index:getCredential`. */
function tokenOf(name: string): string {
  return `sftptogo:index:${name}`;
}

/**
 * Whether something stands in for the engine, as `pulumi.runtime.setMocks` arranges: a unit test must never reach
 * the network, even with a key in its environment. The engine itself is always a gRPC client; the class of what
 * stands in is not asked for, since another copy of the SDK has another one.
 */
function isMocked(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && !("getChannel" in monitor);
}

function refuse<Args extends object>(spec: FunctionSpec<Args, unknown>, args: Args): void {
  const reason = spec.validate?.(args);
  if (reason !== undefined) throw misuse(reason);
}

/** The explicit provider to ask: the option's, else the parent's if that is one of ours. */
function providerOf(opts: FunctionOptions | undefined): Provider | undefined {
  const { provider, parent } = opts ?? {};
  if (provider === undefined) {
    const inherited = isResource(parent) ? parent.getProvider("pulumi-nodejs:index:Provider") : undefined;
    return Provider.isInstance(inherited) ? inherited : undefined;
  }
  if (!Provider.isInstance(provider)) {
    throw misuse("The option `provider` must be a Provider of pulumi-sftptogo.");
  }
  return provider;
}

/** One client for the same settings, so that connections are kept between calls of one run. */
const clients = new Map<string, Client>();

/** The same clients, with lists that are shared by the calls of one moment. */
const sharing = new Map<string, Client>();

/** The client for these settings; throws what is wrong with them. */
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
  const { isKnown } = output as pulumi.Output<T> & { readonly isKnown: Promise<boolean> };
  if (!(await isKnown)) {
    throw misuse(
      "The Provider's arguments are not known yet in this preview: use the Output form of the function.",
    );
  }
  return new Promise((resolve) => void output.apply(resolve));
}

/** The result, or each object of a list, without some of its keys. */
function withoutKeys<T>(result: T, keys: readonly string[]): T {
  if (keys.length === 0 || typeof result !== "object" || result === null) return result;
  if (Array.isArray(result)) return result.map((each) => withoutKeys(each, keys)) as T;
  return Object.fromEntries(Object.entries(result).filter(([key]) => !keys.includes(key))) as T;
}

/** The one object that fits, by id, name or alias. */
export function one<T>(noun: string, wanted: string, items: readonly T[], idOf: (item: T) => string): T {
  const [first, ...others] = items;
  if (first === undefined) {
    const call = { doing: `find a ${noun} with ${wanted}`, aftermath: "refused" } as const;
    throw new NotFoundError(call, "The organization has none.");
  }
  if (others.length > 0) {
    throw new pulumi.RunError(
      `There are ${items.length} ${noun}s with ${wanted} (ids ${items.map(idOf).join(", ")}): ask for one by id.`,
    );
  }
  return first;
}
