/** The options of functions: types only, apart from what answers them, so that a program's types reach Pulumi's alone. */
import type * as pulumi from "@pulumi/pulumi";

/** Options that may also be given as `undefined` under `exactOptionalPropertyTypes`. */
type Undefinable<Options> = { [K in keyof Options]: Options[K] | undefined };

interface SecretsOption {
  /**
   * Whether passwords, `uri`, authorization headers and the addresses of webhooks and share links are in the
   * result. Default of the plain form: `false`, they are left out. Default of the Output form: `true`, and the
   * whole result is a secret.
   */
  includeSecrets?: boolean | undefined;
}

/**
 * The options of a function: those of any Pulumi function, and `includeSecrets`. `provider` is a `Provider` of
 * this package, whose organization is asked. Without it, that of `parent` is, else the stack's.
 */
export interface FunctionOptions extends Undefinable<pulumi.InvokeOptions>, SecretsOption {}

/** The options of a function's Output form. It also waits for the resources of `dependsOn`. */
export interface FunctionOutputOptions extends Undefinable<pulumi.InvokeOutputOptions>, SecretsOption {}
