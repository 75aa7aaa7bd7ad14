/** In place of `@pulumi/aws`: its types as far as the guides use them, on a store that a test can ask. */
import * as pulumi from "@pulumi/pulumi";

interface SecretVersionArgs {
  secretId: pulumi.Input<string>;
  secretString?: pulumi.Input<string | undefined>;
}

class Secret extends pulumi.dynamic.Resource {
  constructor(name: string, args: { name?: pulumi.Input<string | undefined> } = {}) {
    const provider = { create: async () => ({ id: "arn:aws:secretsmanager", outs: {} }) };
    super(provider, name, { ...args }, undefined, "aws", "Secret");
  }
}

/** A change of `secretString` replaces it, as it does in the real one. */
class SecretVersion extends pulumi.dynamic.Resource {
  constructor(name: string, args: SecretVersionArgs) {
    const provider: pulumi.dynamic.ResourceProvider = {
      async diff(_id, olds, news) {
        const changes = olds.secretString !== news.secretString;
        return { changes, replaces: changes ? ["secretString"] : [] };
      },
      async create(inputs) {
        const response = await fetch(`${process.env.STORE_URL}/aws`, {
          method: "PUT",
          body: inputs.secretString,
        });
        if (!response.ok) throw new Error(`putting the secret value: ${response.status}`);
        return { id: "version", outs: inputs };
      },
    };
    super(provider, name, { ...args }, undefined, "aws", "SecretVersion");
  }
}

export const secretsmanager = { Secret, SecretVersion };
