import * as pulumi from "@pulumi/pulumi";
import { nearest, quotedList } from "../values/nearest";
import { explicitMark, type RawConfig, type SettingName, settingNames } from "./settingNames";

/**
 * The arguments of a {@link Provider}. They take the place of the stack's configuration. A change of one updates the
 * provider, and none of its resources. With another organization's id or key, a preview refuses what the provider manages.
 */
export interface ProviderArgs {
  /** Secret. The API key. */
  apiKey: pulumi.Input<string>;
  /** The organization's id, as in the address bar of its dashboard. */
  organizationId: pulumi.Input<string>;
  /** The API's address: https, or http on this machine. Default `https://api.sftptogo.com`. */
  baseUrl?: pulumi.Input<string | undefined>;
  /** How often a call that is safe to repeat is sent again, 0 to 10. A 429 does not count. Default 3. */
  maxRetries?: pulumi.Input<number | undefined>;
  /** For one attempt, in seconds, up to 600; each retry gets a fresh one. Default 30. */
  requestTimeoutSeconds?: pulumi.Input<number | undefined>;
  /** For all attempts of one call and the delays between them, in seconds, up to 3600. Default 120. */
  operationTimeoutSeconds?: pulumi.Input<number | undefined>;
  /** Requests in flight at the same time, 1 to 100. Default 10. */
  maxConcurrency?: pulumi.Input<number | undefined>;
  /** Whether a preview already looks for a refused key and for names in use. Default true. */
  preflight?: pulumi.Input<boolean | undefined>;
  /**
   * How many days ahead a preview warns of credentials and links that expire and of rotations that fall due, 0 (never)
   * to 365. Default 14.
   */
  warnBeforeDays?: pulumi.Input<number | undefined>;
}

/**
 * An explicit provider, for resources of another organization than the stack's. It uses its own arguments only, and
 * neither the stack's configuration nor the environment.
 *
 * @example
 * ```ts
 * const eu = new sftptogo.Provider("eu", { apiKey: config.requireSecret("euApiKey"), organizationId: "120ffd28-…" });
 * new sftptogo.Credential("acme", { permission: "read-write" }, { provider: eu });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * Whether a value is a provider of this package, or of another copy of it. All explicit providers of dynamic
   * resources have the same type, so the type alone does not tell.
   */
  static override isInstance(value: unknown): value is Provider {
    return (
      pulumi.CustomResource.isInstance(value) &&
      "__pulumiType" in value &&
      value.__pulumiType === "pulumi:providers:pulumi-nodejs" &&
      "rawConfig" in value &&
      pulumi.Output.isInstance(value.rawConfig)
    );
  }

  /**
   * The configuration as the provider's process sees it. The functions use it.
   *
   * @internal
   */
  readonly rawConfig: pulumi.Output<RawConfig>;

  /**
   * A provider for one more organization.
   *
   * @param name The name in the program. A change of it makes another provider.
   * @param args Key, organization and settings. A misspelt or missing one is refused here, before anything is registered.
   * @param opts Pulumi's options.
   */
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const config = configurationOf(args);
    super("pulumi-nodejs", name, config, opts);
    this.rawConfig = pulumi.secret(pulumi.output(config));
  }
}

/** A provider's configuration holds strings only. An argument that resolves to `undefined` keeps its default. */
function configurationOf(args: ProviderArgs): Record<string, pulumi.Input<string>> {
  refuseUnfit(args);
  const config: Record<string, pulumi.Input<string>> = { [explicitMark]: "true" };
  for (const name of settingNames) {
    const value = args[name];
    if (value === undefined) continue;
    const text = pulumi
      .output<string | number | boolean | undefined>(value)
      .apply((given) => (given === undefined ? "" : String(given)));
    config[key(name)] = name === "apiKey" ? pulumi.secret(text) : text;
  }
  return config;
}

/**
 * Refuses misspelt and missing arguments in the program, since nothing checks a provider's arguments later. With its
 * `baseUrl` misspelt, for example, a provider would silently talk to another service.
 */
function refuseUnfit(args: ProviderArgs): void {
  const given: Readonly<Record<string, unknown>> = { ...args };
  for (const name of Object.keys(given)) {
    if ((settingNames as readonly string[]).includes(name)) continue;
    const near = nearest(name, settingNames);
    const hint = near ? `did you mean "${near}"?` : `it has ${quotedList(settingNames)}.`;
    throw new Error(`A Provider has no argument "${name}": ${hint}`);
  }
  for (const name of ["apiKey", "organizationId"] as const) {
    if (given[name] === undefined || given[name] === null)
      throw new Error(
        `A Provider needs ${name}: pass it in its arguments, a secret from config.requireSecret(…).`,
      );
  }
}

function key(name: SettingName): string {
  return `sftptogo:${name}`;
}
