/** Ids, keys, words and fields that are not those of the reference's examples. */
import { createHash } from "node:crypto";
import type { Service } from "../../../../provider/emulator/route.js";
import type { Hooks, Json, ObjectKind } from "../../../../provider/emulator/variations.js";
import { type Changes, change, type Dialect, every, ofText, showing, storing, without } from "./hooks.ts";

const { kind: everyKind, place: everyPlace } = every;

function showingKeys(changes: Changes): () => Hooks {
  return showing(["sshPublicKey"], everyPlace, (object) => change(object, changes));
}

/** Changes objects that nobody made through this API. */
function showingOthers(to: Readonly<Record<ObjectKind, (object: Json) => Json>>): Required<Dialect>["hooks"] {
  return () => {
    const made = new Set<unknown>();
    return {
      shows(object, { kind, place }) {
        if (place === "create") made.add(object.Id);
        return made.has(object.Id) ? object : to[kind](object);
      },
    };
  };
}

const nullable: Readonly<Record<ObjectKind, readonly string[]>> = {
  credential: [
    "UpdatedAt",
    "OrganizationId",
    "SshPublicKeysCount",
    "HomeDirectory",
    "Alias",
    "ChrootDirectory",
  ],
  sshPublicKey: ["UpdatedAt", "Comment"],
  webhook: ["UpdatedAt", "OrganizationId", "Topics", "Alias", "AuthorizationHeader"],
  shareLink: ["UpdatedAt", "OrganizationId", "AccessCount", "Notes"],
};

function ofNullable(to: (object: Json, names: readonly string[]) => Json): Required<Dialect>["hooks"] {
  const row = (kind: ObjectKind) => (object: Json) => to(object, nullable[kind]);
  return showingOthers({
    credential: row("credential"),
    sshPublicKey: row("sshPublicKey"),
    webhook: row("webhook"),
    shareLink: row("shareLink"),
  });
}

/** As the reference's examples have it: `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDS2KBmXgE...`. */
const shortened = ofText((body) => (body.length > 51 ? `${body.slice(0, 48)}...` : body));

function md5Of(body: string): string {
  const blob = Buffer.from(body.split(" ")[1] ?? "", "base64");
  const hex = createHash("md5").update(blob).digest("hex");
  return `MD5:${(hex.match(/../g) ?? []).join(":")}`;
}

/** A key that is there is not refused: the answer is the one that is there. */
function mergingKeys({ data }: Service): Hooks {
  return {
    serves(asked, next) {
      const reply = next();
      if (asked.operation !== "addSshPublicKey" || reply.status !== 409) return reply;
      const { SshPublicKeyBody } = JSON.parse(asked.text) as { SshPublicKeyBody: string };
      const blob = SshPublicKeyBody.trim().split(/ +/)[1] ?? "";
      const there = data.sshPublicKeysOf(asked.id).find((key) => key.SshPublicKeyBody.includes(blob));
      return there === undefined ? reply : { status: 200, body: { ...there } };
    },
  };
}

export const identity = {
  "ids-base64": {
    description: "Ids look like base64 with its padding: aGVs==.",
    mints: (id) => `${Buffer.from(id).toString("base64").replace(/=+$/, "").slice(0, 22)}==`,
  },
  "ids-with-bar": {
    description: "Ids hold a vertical bar, as those of Auth0 do.",
    mints: (id) => `auth0|${id.replaceAll("-", "")}`,
  },
  "ids-special": {
    description: "Ids hold colons, plus signs, tildes, at signs and percent signs: usr:1+2~3@4%5.",
    mints: (id) => `usr:${id.slice(0, 4)}+${id.slice(4, 8)}~${id.slice(8, 12)}@eu%${id.slice(12)}`,
  },
  "ids-upper-case": {
    description: "Ids are in upper case.",
    mints: (id) => id.toUpperCase(),
  },
  "organization-id-upper-case": {
    description: "Objects show the organization's id in upper case.",
    hooks: showing(everyKind, everyPlace, (object) =>
      change(object, { OrganizationId: ofText((id) => id.toUpperCase()) }),
    ),
  },
  "key-body-shortened": {
    description:
      "An SSH key's body is shown shortened, as in the reference's examples; its fingerprint is whole.",
    hooks: showingKeys({ SshPublicKeyBody: shortened }),
  },
  "key-as-in-examples": {
    description: "An SSH key's body and its fingerprint are shown shortened, as in the reference's examples.",
    hooks: showingKeys({
      SshPublicKeyBody: shortened,
      Fingerprint: ofText((fingerprint) => fingerprint.slice(0, "SHA256:RcoHnamHrApC".length)),
    }),
  },
  "key-comment-dropped": {
    description: "An SSH key is stored without its comment.",
    hooks: storing(["sshPublicKey"], {
      SshPublicKeyBody: ofText((body) => body.trim().split(/ +/).slice(0, 2).join(" ")),
    }),
  },
  "key-fingerprint-md5": {
    description: "An SSH key's fingerprint is an MD5 one.",
    hooks: showing(["sshPublicKey"], everyPlace, (object) => ({
      ...object,
      Fingerprint: md5Of(String(object.SshPublicKeyBody)),
    })),
  },
  "repeated-key-merged": {
    description: "An SSH key that the credential has already is answered with 200 and the one that is there.",
    hooks: mergingKeys,
  },
  "key-count-never-falls": {
    description: "SshPublicKeysCount counts deleted keys, too.",
    hooks({ data }) {
      const most = new Map<unknown, number>();
      return {
        shows(object, { kind }) {
          if (kind !== "credential") return object;
          const count = Math.max(most.get(object.Id) ?? 0, Number(object.SshPublicKeysCount));
          most.set(object.Id, count);
          return { ...object, SshPublicKeysCount: count };
        },
        serves({ view }, next) {
          // What no answer has shown yet counts as well.
          if (view?.kind === "sshPublicKey") {
            for (const { Id } of data.credentials.values()) {
              most.set(Id, Math.max(most.get(Id) ?? 0, data.sshPublicKeysOf(Id).length));
            }
          }
          return next();
        },
      };
    },
  },
  "nulls-in-other-objects": {
    description: "Objects that were made in the dashboard are shown with null where they have no value.",
    hooks: ofNullable((object, names) => ({
      ...object,
      ...Object.fromEntries(names.map((name) => [name, null])),
    })),
  },
  "fields-missing-in-other-objects": {
    description: "Objects that were made in the dashboard are shown without the fields that have no value.",
    hooks: ofNullable((object, names) => without(object, ...names)),
  },
  "further-words": {
    description:
      "Objects that were made in the dashboard have states, permissions, types and topics of their own.",
    hooks: showingOthers({
      credential: (object) => ({ ...object, State: "suspended", Permission: "custom" }),
      sshPublicKey: (object) => ({ ...object, Type: "sk-ed25519" }),
      webhook: (object) => ({ ...object, State: "failing", Type: "https", Topics: ["file.infected"] }),
      shareLink: (object) => ({ ...object, State: "expired", Permission: "upload", Type: "request" }),
    }),
  },
  "further-fields": {
    description: "Every object has further fields, with lists, objects and nulls in them.",
    hooks: showing(everyKind, everyPlace, (object) => ({
      ...object,
      Email: null,
      Groups: [],
      Filters: { Path: "/", Actors: [{ Type: "User", Id: "a" }] },
      Version: 2,
    })),
  },
  "virtual-folders": {
    description: "A credential that was given no home directory has none, but virtual folders instead.",
    hooks() {
      const withHome = new Set<unknown>();
      let given = false;
      return {
        takes(body, { kind, place }) {
          if (kind === "credential" && (place === "create" || place === "update"))
            given = Boolean(body.HomeDirectory);
          return body;
        },
        shows(object, { kind, place }) {
          if (kind !== "credential") return object;
          if ((place === "create" || place === "update") && given) withHome.add(object.Id);
          if (withHome.has(object.Id)) return object;
          return {
            ...without(object, "HomeDirectory"),
            VirtualFolders: [{ Path: "/in", Target: "/acme/in" }],
          };
        },
      };
    },
  },
} as const satisfies Readonly<Record<string, Dialect>>;
