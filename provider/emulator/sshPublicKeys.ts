/** `/users/:id/ssh-public-keys`. There is no read of a single key: `GET …/:keyId` is an unknown route. */
import { createHash } from "node:crypto";
import type { SshPublicKey } from "../api/sshPublicKeys";
import type { StoredSshPublicKey } from "./data";
import {
  badRequest,
  conflict,
  created,
  fields,
  notFound,
  ok,
  parse,
  type Route,
  type Service,
  text,
} from "./route";

/** The five kinds of key, with the API's word for each, and how many parts the key's blob has. */
const kinds: Readonly<Record<string, { readonly type: string; readonly parts: number }>> = {
  "ssh-rsa": { type: "rsa", parts: 3 },
  "ssh-ed25519": { type: "ed25519", parts: 2 },
  "ecdsa-sha2-nistp256": { type: "ecdsa", parts: 3 },
  "ecdsa-sha2-nistp384": { type: "ecdsa", parts: 3 },
  "ecdsa-sha2-nistp521": { type: "ecdsa", parts: 3 },
};

const addBody = fields({ SshPublicKeyBody: text });

export function sshPublicKeyRoutes({ data }: Service): Route[] {
  function ofCredential(id: string): StoredSshPublicKey[] {
    if (!data.credentials.has(id)) throw notFound("Credential");
    return data.sshPublicKeysOf(id);
  }

  function show(key: StoredSshPublicKey): SshPublicKey {
    return { ...key };
  }

  return [
    {
      method: "GET",
      path: "/users/:id/ssh-public-keys",
      operation: "listSshPublicKeys",
      handle: ({ id }) => ok(ofCredential(id).map(show)),
    },
    {
      method: "POST",
      path: "/users/:id/ssh-public-keys",
      operation: "addSshPublicKey",
      handle({ id, body }) {
        const others = ofCredential(id);
        const key = readSshPublicKey(parse(addBody, body).SshPublicKeyBody);
        // The same key with another comment is the same key; on another credential it is welcome.
        if (others.some((other) => other.Fingerprint === key.Fingerprint)) {
          throw conflict("SSH public key already exists");
        }
        return created(show(data.addSshPublicKey({ UserId: id, ...key })));
      },
    },
    {
      method: "DELETE",
      path: "/users/:id/ssh-public-keys/:keyId",
      operation: "removeSshPublicKey",
      handle({ id, keyId }) {
        const key = ofCredential(id).find((each) => each.Id === keyId);
        if (key === undefined) throw notFound("SSH public key");
        data.sshPublicKeys.delete(keyId);
        return ok(show(key));
      },
    },
  ];
}

/** What the API derives from a key's text. Throws the 400 where it is not one line of OpenSSH's format. */
function readSshPublicKey(body: string) {
  const SshPublicKeyBody = body.trim();
  const [, kind, blob, Comment = ""] =
    /^(\S+) +([A-Za-z0-9+/]+={0,2})(?: +([^\r\n]*))?$/.exec(SshPublicKeyBody) ?? [];
  const known = kinds[kind ?? ""];
  const bytes = Buffer.from(blob ?? "", "base64");
  const parts = blobParts(bytes);
  if (known === undefined || parts.length !== known.parts || parts[0]?.toString("latin1") !== kind) {
    throw badRequest(`SshPublicKeyBody must be one line in OpenSSH format: ${Object.keys(kinds).join(", ")}`);
  }
  const hash = createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "");
  return { SshPublicKeyBody, Comment, Fingerprint: `SHA256:${hash}`, Type: known.type };
}

/** A key's blob is a row of parts, each with its length before it (RFC 4253, section 6.6). Empty if cut. */
function blobParts(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return [];
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return [];
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
}
