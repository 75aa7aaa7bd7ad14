import * as pulumi from "@pulumi/pulumi";
import { encodeUriPart } from "../../api/assumptions";

/**
 * A login's address, `sftp://user:password@host`. Formed in the program from outputs that the state holds
 * anyway: stored as a second secret it would make each credential's state a fifth larger and each `up` slower. And formed
 * only where the program asks for it: four outputs for each credential are a tenth of a preview.
 *
 * `null` at run time where the password is, and typed as the password is: so that it goes into any other
 * resource's string input.
 */
export function loginUri<T extends string | null>(
  userName: pulumi.Output<T>,
  password: pulumi.Output<T>,
  host: pulumi.Output<T>,
): pulumi.Output<T> {
  const uri = pulumi.all([userName, password, host]).apply(([user, secret, name]) => {
    const shown: string | null | undefined = secret;
    if (shown === null || shown === undefined) return null;
    return `sftp://${encodeUriPart(String(user))}:${encodeUriPart(shown)}@${name}`;
  });
  return pulumi.secret(uri) as pulumi.Output<T>;
}
