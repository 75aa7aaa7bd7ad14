/** In place of `@pulumi/vault`: its types as far as the guides use them, on a store that a test can ask. */
import * as pulumi from "@pulumi/pulumi";

interface SecretV2Args {
  mount: pulumi.Input<string>;
  name?: pulumi.Input<string>;
  dataJson?: pulumi.Input<string>;
}

/** A change of `dataJson` updates in place, as it does in the real one. */
class SecretV2 extends pulumi.dynamic.Resource {
  constructor(name: string, args: SecretV2Args) {
    async function put(inputs: { dataJson?: string }) {
      const response = await fetch(`${process.env.STORE_URL}/vault`, {
        method: "PUT",
        body: inputs.dataJson ?? "",
      });
      if (!response.ok) throw new Error(`error writing to Vault: ${response.status}`);
      return { id: "secret/data", outs: inputs };
    }
    const provider: pulumi.dynamic.ResourceProvider = {
      create: put,
      update: (_id, _olds, news) => put(news),
    };
    super(provider, name, { ...args }, undefined, "vault", "SecretV2");
  }
}

export const kv = { SecretV2 };
