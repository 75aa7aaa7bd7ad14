/** Secrets that answers leave out, blank or mask. */
import type { Hooks, Json, ObjectKind, Place } from "../../../../provider/emulator/variations.js";
import { type Dialect, showing, without } from "./hooks.ts";

/** What a secret is shown as; `undefined` leaves it out. */
type Cover = string | undefined;

const mask = "********";
const inLists: readonly Place[] = ["list"];
const butInLists: readonly Place[] = ["read", "create", "update", "delete"];
const butAtCreate: readonly Place[] = ["list", "read", "update", "delete"];
const everywhere: readonly Place[] = [...butInLists, "list"];

function covering(kind: ObjectKind, field: string, places: readonly Place[], cover: Cover): () => Hooks {
  return showing([kind], places, (object) => {
    if (cover === undefined) return without(object, field);
    // What was never set is not covered either.
    return object[field] == null ? object : { ...object, [field]: cover };
  });
}

/** A credential's password stands in its `URI` too. */
function coveringPassword(places: readonly Place[], cover: Cover): () => Hooks {
  const covered = (uri: unknown) =>
    String(uri).replace(/:[^:@/]*@/, cover === undefined ? "@" : `:${cover}@`);
  return showing(["credential"], places, (object): Json => {
    const rest = cover === undefined ? without(object, "Password") : { ...object, Password: cover };
    return { ...rest, URI: covered(object.URI) };
  });
}

export const secrets = {
  "authorization-masked-in-lists": {
    description: "The list shows a webhook's authorization header as asterisks.",
    hooks: covering("webhook", "AuthorizationHeader", inLists, mask),
  },
  "authorization-blank-in-lists": {
    description: "The list shows a webhook's authorization header blank.",
    hooks: covering("webhook", "AuthorizationHeader", inLists, ""),
  },
  "authorization-left-out-of-lists": {
    description: "The list leaves a webhook's authorization header out.",
    hooks: covering("webhook", "AuthorizationHeader", inLists, undefined),
  },
  "authorization-masked-everywhere": {
    description: "Every answer shows a webhook's authorization header as asterisks.",
    hooks: covering("webhook", "AuthorizationHeader", everywhere, mask),
  },
  "webhook-secret-masked-in-lists": {
    description: "The list shows a webhook's secret as asterisks.",
    hooks: covering("webhook", "Secret", inLists, mask),
  },
  "webhook-secret-only-at-create": {
    description: "A webhook's secret is in the answer to its create; every other answer shows asterisks.",
    hooks: covering("webhook", "Secret", butAtCreate, mask),
  },
  "passwords-left-out-of-lists": {
    description: "The list leaves passwords out; the read by id has them.",
    hooks: coveringPassword(inLists, undefined),
  },
  "passwords-blank-in-lists": {
    description: "The list shows passwords blank; the read by id has them.",
    hooks: coveringPassword(inLists, ""),
  },
  "passwords-masked-in-lists": {
    description: "The list shows passwords as asterisks; the read by id has them.",
    hooks: coveringPassword(inLists, mask),
  },
  "passwords-only-in-lists": {
    description: "The list has passwords; every other answer leaves them out.",
    hooks: coveringPassword(butInLists, undefined),
  },
  "passwords-masked-by-id": {
    description: "The list and the answer to a create have passwords; every other answer shows asterisks.",
    hooks: coveringPassword(["read", "update", "delete"], mask),
  },
  "passwords-only-at-create": {
    description: "The answer to a create has the password; every other answer shows asterisks.",
    hooks: coveringPassword(butAtCreate, mask),
  },
  "passwords-nowhere": {
    description: "No answer has a password.",
    hooks: coveringPassword(everywhere, undefined),
  },
  "uri-left-out": {
    description: "No answer has a credential's URI.",
    hooks: showing(["credential"], everywhere, (object) => without(object, "URI")),
  },
  "link-password-masked": {
    description: "Every answer shows a share link's password as asterisks.",
    hooks: covering("shareLink", "Password", everywhere, mask),
  },
  "link-password-nowhere": {
    description: "No answer has a share link's password.",
    hooks: covering("shareLink", "Password", everywhere, undefined),
  },
} as const satisfies Readonly<Record<string, Dialect>>;
