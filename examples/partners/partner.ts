import * as pulumi from "@pulumi/pulumi";
import * as sftptogo from "pulumi-sftptogo";
import type { PartnerEntry } from "./partners";

/** A partner: a login that opens from the partner's networks only, and the partner's keys. */
export class Partner extends pulumi.ComponentResource {
  readonly userName: pulumi.Output<string>;

  constructor(name: string, entry: PartnerEntry, opts?: pulumi.ComponentResourceOptions) {
    super("partners:index:Partner", name, {}, opts);
    const login = new sftptogo.Credential(
      name,
      {
        alias: entry.name,
        homeDirectory: entry.home ?? `/partners/${name}`,
        permission: entry.permission,
        // `null` clears it: what is only left out would stay on the server.
        expiration: entry.expires === undefined ? null : `${entry.expires}T23:59:59Z`,
        inboundRules: entry.networks.map((source) => ({ source, protocol: "SFTP" })),
      },
      { parent: this },
    );
    for (const [keyName, sshPublicKeyBody] of Object.entries(entry.keys ?? {})) {
      const key = { credentialId: login.id, sshPublicKeyBody };
      new sftptogo.SshPublicKey(`${name}-${keyName}`, key, { parent: this });
    }
    this.userName = login.userName;
    this.registerOutputs({ userName: this.userName });
  }
}
