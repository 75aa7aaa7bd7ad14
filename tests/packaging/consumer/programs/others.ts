/** Other packages' resources, with their arguments typed as those packages type them. */
import * as pulumi from "@pulumi/pulumi";

/** As `aws.secretsmanager.SecretVersion` since its Node SDK 7. */
interface SecretVersionArgs {
  secretId: pulumi.Input<string>;
  secretString?: pulumi.Input<string | undefined>;
}

export class SecretVersion extends pulumi.CustomResource {
  constructor(name: string, args: SecretVersionArgs) {
    super("aws:secretsmanager/secretVersion:SecretVersion", name, { ...args });
  }
}

/** As the same before, and as most packages still do. */
interface OlderSecretVersionArgs {
  secretId: pulumi.Input<string>;
  secretString?: pulumi.Input<string>;
}

export class OlderSecretVersion extends pulumi.CustomResource {
  constructor(name: string, args: OlderSecretVersionArgs) {
    super("aws:secretsmanager/secretVersion:SecretVersion", name, { ...args });
  }
}

/** As `command.local.Command`. */
interface CommandArgs {
  create?: pulumi.Input<string>;
  environment?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  triggers?: pulumi.Input<unknown[]>;
}

export class Command extends pulumi.CustomResource {
  constructor(name: string, args: CommandArgs) {
    super("command:local:Command", name, { ...args });
  }
}
