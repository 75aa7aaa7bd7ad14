/** The options of functions. In a file of their own, so that the types which a program sees reach only Pulumi's. */
import type * as pulumi from "@pulumi/pulumi";

/** Options that may also be given as `undefined` under `exactOptionalPropertyTypes`. */
type Undefinable<Options> = { [K in keyof Options]: Options[K] | undefined };

interface SecretsOption {
  /**
   * Whether passwords, `uri`, authorization headers and the addresses of webhooks and share links are in the
   * result. The plain form leaves them out by default (`false`). The Output form includes them by default (`true`),
   * and then the whole result is a secret.
   */
  includeSecrets?: boolean | undefined;
}

/**
 * The options of a function: those of any Pulumi function, and `includeSecrets`. `provider` is a `Provider` of
 * this package; its organization is asked. Without one, the provider of `parent` counts, else the stack's
 * configuration.
 */
export interface FunctionOptions extends Undefinable<pulumi.InvokeOptions>, SecretsOption {}

/** The options of a function's Output form. It also waits for the resources of `dependsOn`. */
export interface FunctionOutputOptions extends Undefinable<pulumi.InvokeOutputOptions>, SecretsOption {}
