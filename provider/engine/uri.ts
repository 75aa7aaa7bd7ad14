import * as pulumi from "@pulumi/pulumi";
import { encodeUriPart } from "../api/assumptions";

/**
 * A login's address, `sftp://user:password@host`. Formed in the program from outputs that the state holds
 * anyway: stored as a second secret it would make each credential's state a fifth larger and each `up` slower. And formed
 * only where the program asks for it: four outputs for each credential are a tenth of a preview.
 */
export function loginUri(
  userName: pulumi.Output<string>,
  password: pulumi.Output<string | null>,
  host: pulumi.Output<string>,
): pulumi.Output<string | null> {
  return pulumi.secret(
    pulumi
      .all([userName, password, host])
      .apply(([user, secret, name]) =>
        secret === null || secret === undefined
          ? null
          : `sftp://${encodeUriPart(user)}:${encodeUriPart(secret)}@${name}`,
      ),
  );
}
