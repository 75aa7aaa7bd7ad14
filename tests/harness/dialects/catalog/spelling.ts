/** Texts that the service spells its own way, and what it makes of a blank. */
import { change, type Dialect, every, ofText, showing, storing } from "./hooks.ts";

const { kind: everyKind, place: everyPlace } = every;
const textKinds = ["credential", "webhook", "shareLink"] as const;

/** In UTF-16 units. */
const longestText = 20;
const limit = 40;

function inAllTexts(to: (text: string) => string) {
  return { Alias: ofText(to), Notes: ofText(to) };
}

function inDescriptions(to: (description: unknown) => unknown) {
  return (settings: unknown): unknown => {
    const { Network, ...rest } = settings as { Network: { InboundRules: readonly object[] } };
    const InboundRules = Network.InboundRules.map((rule) => change({ ...rule }, { Description: to }));
    return { ...rest, Network: { ...Network, InboundRules } };
  };
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

/** Text that is no URL, as an email webhook's, stays as it is. */
function inUrl(to: (url: URL) => string): (value: unknown) => unknown {
  return ofText((text) => (/^https?:/.test(text) && URL.canParse(text) ? to(new URL(text)) : text));
}

function tooLong(kinds: readonly string[], field: string): Dialect {
  return {
    description: `${field} of more than ${limit} characters is refused with 400.`,
    hooks: () => ({
      serves(asked, next) {
        const { view, text } = asked;
        const isMeant =
          view !== undefined && kinds.includes(view.kind) && ["create", "update"].includes(view.place);
        const value = isMeant ? (JSON.parse(text || "{}") as Record<string, unknown>)[field] : undefined;
        if (typeof value !== "string" || value.length <= limit) return next();
        return {
          status: 400,
          body: { id: "bad_request", message: `${field} is too long: at most ${limit}` },
        };
      },
    }),
  };
}

export const spelling = {
  "url-with-slash": {
    description: "A webhook's url is stored with a slash at its end.",
    hooks: storing(["webhook"], { Url: inUrl(({ href }) => href.replace(/\/*$/, "/")) }),
  },
  "url-normalized": {
    description:
      "A webhook's url is stored as a browser writes it: host in lower case, a bare host with a slash.",
    hooks: storing(["webhook"], { Url: inUrl(({ href }) => href) }),
  },
  "text-trimmed": {
    description: "Aliases, notes and rules' descriptions are stored without blanks around them.",
    hooks: storing(textKinds, {
      ...inAllTexts((text) => text.trim()),
      Settings: inDescriptions(ofText((text) => text.trim())),
    }),
  },
  "text-cut": {
    description: `Aliases, notes and rules' descriptions are cut to ${longestText} characters.`,
    hooks: storing(textKinds, {
      ...inAllTexts((text) => text.slice(0, longestText)),
      Settings: inDescriptions(ofText((text) => text.slice(0, longestText))),
    }),
  },
  "text-cut-in-emoji": {
    description: "An alias or a note is cut inside its first emoji, so that half of a character comes back.",
    hooks: storing(
      textKinds,
      inAllTexts((text) => {
        const at = text.search(/[\u{10000}-\u{10ffff}]/u);
        return at < 0 ? text : text.slice(0, at + 1);
      }),
    ),
  },
  "text-with-marks": {
    description: "Aliases and notes are shown between marks of direction, which nobody sees.",
    hooks: showing(textKinds, everyPlace, (object) =>
      change(
        object,
        inAllTexts((text) => `\u2067${text}\u2069`),
      ),
    ),
  },
  "alias-limit": tooLong(["credential", "webhook"], "Alias"),
  "notes-limit": tooLong(["shareLink"], "Notes"),
  "alias-filled-in": {
    description: "An object without an alias is shown with one of the service's own.",
    hooks: showing(["credential", "webhook"], everyPlace, (object) => ({
      ...object,
      Alias: object.Alias ?? "Untitled",
    })),
  },
  "user-name-lower-case": {
    description: "User names are stored in lower case.",
    hooks: storing(["credential"], { UserName: ofText((name) => name.toLowerCase()) }),
  },
  "home-with-bucket": {
    description: "Home directories are shown with the organization's bucket in front.",
    hooks: ({ data }) => {
      const bucket = `/sftptg-prod-us-east-1-${data.organizationId}`;
      const to = (path: string) =>
        `${bucket}/${trimSlashes(path.replace(bucket.slice(1), ""))}`.replace(/\/$/, "");
      return showing(["credential"], everyPlace, (object) => change(object, { HomeDirectory: ofText(to) }))();
    },
  },
  "home-with-slashes": {
    description: "Home directories are shown with a slash at each end.",
    hooks: showing(["credential"], everyPlace, (object) =>
      change(object, { HomeDirectory: ofText((path) => `/${trimSlashes(path)}/`.replace("//", "/")) }),
    ),
  },
  "home-without-slashes": {
    description: "Home directories are shown without a slash at either end; the top one is blank.",
    hooks: showing(["credential"], everyPlace, (object) =>
      change(object, { HomeDirectory: ofText(trimSlashes) }),
    ),
  },
  "chroot-without-slashes": {
    description: "Chroot directories are shown without a slash at either end; the top one is blank.",
    hooks: showing(["credential"], everyPlace, (object) =>
      change(object, { ChrootDirectory: ofText(trimSlashes) }),
    ),
  },
  "link-path-without-slashes": {
    description: "Paths of share links are shown without a slash at either end.",
    hooks: showing(["shareLink"], everyPlace, (object) => change(object, { Path: ofText(trimSlashes) })),
  },
  "topic-added": {
    description: "Every webhook also has the topic webhook.ping.",
    hooks: storing(["webhook"], {
      Topics: (topics) => (Array.isArray(topics) ? [...new Set([...topics, "webhook.ping"])] : topics),
    }),
  },
  "topics-reordered": {
    description: "Topics are shown in another order.",
    hooks: showing(["webhook"], everyPlace, (object) =>
      change(object, { Topics: (topics) => [...(topics as string[])].reverse() }),
    ),
  },
  "blanks-as-null": {
    description:
      "What is 0 or an empty text is shown as null: limits, notes, aliases, headers, descriptions.",
    hooks: showing(everyKind, everyPlace, (object) => {
      const blank = (value: unknown) => (value === 0 || value === "" ? null : value);
      return change(object, {
        Alias: blank,
        Notes: blank,
        AccessLimit: blank,
        AuthorizationHeader: blank,
        Comment: blank,
        Settings: inDescriptions(blank),
      });
    }),
  },
  "nulls-as-blank": {
    description:
      "What is null is shown as 0 or an empty text: expirations, notes, aliases, headers, descriptions.",
    hooks: showing(everyKind, everyPlace, (object) => {
      const text = (value: unknown) => value ?? "";
      return change(object, {
        Alias: text,
        Notes: text,
        AuthorizationHeader: text,
        ExpiresAt: (time) => time ?? 0,
        Settings: inDescriptions(text),
      });
    }),
  },
} as const satisfies Readonly<Record<string, Dialect>>;
