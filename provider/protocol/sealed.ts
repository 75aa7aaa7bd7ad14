/** Secrets in what check returns. */
import type { Handlers } from "./handlers";
import { isUnknown } from "./unknowns";

const signature = "4dabf18193072939515e22adb298388d";
const signatureOfSecret = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A value as the engine knows a secret: it keeps it encrypted in the state and hands it back to the provider as it
 * was. What `pulumi.secret` makes is an Output, which no answer can hold.
 */
export function sealed(value: unknown): object {
  return { [signature]: signatureOfSecret, value };
}

/**
 * Handlers whose check seals each secret argument. The class marks them too, but a transformation may put in a value
 * without a mark, or drop the class's, and the state's inputs would hold it in plain text.
 */
export function sealing(handlers: Handlers, secretKeys: readonly string[]): Handlers {
  return {
    ...handlers,
    async check(olds, news) {
      const { inputs, ...others } = await handlers.check(olds, news);
      const isOpen = (key: string) => typeof inputs?.[key] === "string" && !isUnknown(inputs[key]);
      const seals = secretKeys.filter(isOpen).map((key) => [key, sealed(inputs?.[key])]);
      return { ...others, inputs: { ...inputs, ...Object.fromEntries(seals) } };
    },
  };
}
