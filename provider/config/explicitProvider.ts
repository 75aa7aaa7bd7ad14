import * as pulumi from "@pulumi/pulumi";
import { explicitMark, type RawConfig, type SettingName } from "./settingNames";

/** The arguments of a {@link Provider}: what the stack's configuration holds otherwise. */
export interface ProviderArgs {
  /** Secret. The API key. */
  apiKey: pulumi.Input<string>;
  /** The organization's id, from the address bar of its dashboard. */
  organizationId: pulumi.Input<string>;
  /** `/organizations/<id>/…` is added to it. https, or http on this machine. Default `https://api.sftptogo.com`. */
  baseUrl?: pulumi.Input<string> | undefined;
  /** How often a call that may be repeated is sent again, 0 to 10. Default 3. */
  maxRetries?: pulumi.Input<number> | undefined;
  /** For one attempt, in seconds, up to 600; each retry gets a fresh one. Default 30. */
  requestTimeoutSeconds?: pulumi.Input<number> | undefined;
  /** For all attempts of one call and the delays between them, in seconds, up to 3600. Default 120. */
  operationTimeoutSeconds?: pulumi.Input<number> | undefined;
  /** Requests on their way at the same time, 1 to 100. Default 10. */
  maxConcurrency?: pulumi.Input<number> | undefined;
  /** Whether a preview already looks for a refused key and for names that are taken. Default true. */
  preflight?: pulumi.Input<boolean> | undefined;
}

/**
 * An explicit provider: its resources live in another organization than the stack's. It uses its own
 * arguments only, neither the stack's configuration nor the environment.
 *
 * @example
 * ```ts
 * const eu = new sftptogo.Provider("eu", { apiKey: config.requireSecret("euApiKey"), organizationId: "120ffd28-…" });
 * new sftptogo.Credential("acme", { permission: "read-write" }, { provider: eu });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * The configuration as the provider's process sees it, for the functions.
   *
   * @internal
   */
  readonly rawConfig: pulumi.Output<RawConfig>;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const config = configurationOf(args);
    super("pulumi-nodejs", name, config, opts);
    this.rawConfig = pulumi.secret(pulumi.output(config));
  }
}

/** Provider configuration is text throughout. */
function configurationOf(args: ProviderArgs): Record<string, pulumi.Input<string>> {
  const { apiKey, ...others } = args;
  const config: Record<string, pulumi.Input<string>> = { [explicitMark]: "true" };
  if (apiKey !== undefined) config[key("apiKey")] = pulumi.secret(apiKey);
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) config[key(name as SettingName)] = pulumi.output(value).apply(String);
  }
  return config;
}

function key(name: SettingName): string {
  return `sftptogo:${name}`;
}
