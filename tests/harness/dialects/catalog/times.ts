/** Times in other forms than the reference's examples have. */
import type { Hooks, ObjectKind, Reply } from "../../../../provider/emulator/variations.js";
import { type Changes, change, type Dialect, every, showing, storing } from "./hooks.ts";

const { kind: everyKind, place: everyPlace } = every;

function showingTimes(kinds: readonly ObjectKind[], changes: Changes): () => Hooks {
  return showing(kinds, everyPlace, (object) => change(object, changes));
}

/** Of a time that an answer shows, in milliseconds or as ISO 8601 text. */
function ofTime(to: (time: Date) => unknown): (value: unknown) => unknown {
  return (value) => (typeof value === "number" || typeof value === "string" ? to(new Date(value)) : value);
}

const seconds = (time: Date) => Math.floor(time.getTime() / 1000);

/** The reference accepts a credential's `Expiration` and shows it in no example answer. */
function echoingExpiration(to: (time: Date) => unknown): Required<Dialect>["hooks"] {
  return ({ data }) => ({
    shows(object, { kind }) {
      const stored = kind === "credential" ? data.credentials.get(String(object.Id)) : undefined;
      if (stored === undefined) return object;
      const { Expiration } = stored;
      return { ...object, Expiration: Expiration === null ? null : to(new Date(Expiration)) };
    },
  });
}

/** A service whose clock is off: its answers' `Date`, and the times that its objects got. */
function off(days: number): Required<Dialect>["hooks"] {
  const shifted = ofTime((time) => time.getTime() + days * 86_400_000);
  const shiftedText = ofTime((time) => new Date(time.getTime() + days * 86_400_000).toISOString());
  return (service) => ({
    ...showingTimes(everyKind, { CreatedAt: shifted, UpdatedAt: shifted, PasswordCreatedAt: shiftedText })(),
    serves: (_asked, next) => dated(next(), new Date(service.now() + days * 86_400_000).toUTCString()),
  });
}

function dated(reply: Reply, date: string): Reply {
  return { ...reply, headers: { date, ...reply.headers } };
}

export const times = {
  "answers-without-date": {
    description: "No answer says when it was given: there is no Date.",
    hooks: () => ({ serves: (_asked, next) => dated(next(), "") }),
  },
  "service-days-ahead": {
    description: "The service's clock is five days ahead, in its answers and its objects.",
    hooks: off(5),
  },
  "service-days-behind": {
    description: "The service's clock is five days behind, in its answers and its objects.",
    hooks: off(-5),
  },
  "password-time-in-seconds": {
    description: "PasswordCreatedAt is a Unix time in seconds.",
    hooks: showingTimes(["credential"], { PasswordCreatedAt: ofTime(seconds) }),
  },
  "password-time-in-milliseconds": {
    description: "PasswordCreatedAt is a Unix time in milliseconds.",
    hooks: showingTimes(["credential"], { PasswordCreatedAt: ofTime((time) => time.getTime()) }),
  },
  "password-time-date-only": {
    description: "PasswordCreatedAt is a date without a time of day.",
    hooks: showingTimes(["credential"], {
      PasswordCreatedAt: ofTime((time) => time.toISOString().slice(0, 10)),
    }),
  },
  "password-time-undatable": {
    description: "PasswordCreatedAt is text that is not a date.",
    hooks: showingTimes(["credential"], { PasswordCreatedAt: () => "yesterday" }),
  },
  "password-time-left-out": {
    description: "PasswordCreatedAt is in no answer.",
    hooks: showing(["credential"], everyPlace, ({ PasswordCreatedAt, ...object }) => object),
  },
  "times-as-iso": {
    description: "CreatedAt and UpdatedAt are ISO 8601 text.",
    hooks: showingTimes(everyKind, {
      CreatedAt: ofTime((time) => time.toISOString()),
      UpdatedAt: ofTime((time) => time.toISOString()),
    }),
  },
  "times-in-seconds": {
    description: "CreatedAt and UpdatedAt are Unix times in seconds.",
    hooks: showingTimes(everyKind, { CreatedAt: ofTime(seconds), UpdatedAt: ofTime(seconds) }),
  },
  "expiration-in-milliseconds": {
    description: "Answers show a credential's expiration, in milliseconds.",
    hooks: echoingExpiration((time) => time.getTime()),
  },
  "expiration-in-seconds": {
    description: "Answers show a credential's expiration, in seconds.",
    hooks: echoingExpiration(seconds),
  },
  "expiration-as-text": {
    description: "Answers show a credential's expiration as YYYY-MM-DD hh:mm:ss, in UTC.",
    hooks: echoingExpiration((time) => time.toISOString().slice(0, 19).replace("T", " ")),
  },
  "expiration-always-null": {
    description: "Answers show a credential's expiration as null, though it is kept.",
    hooks: echoingExpiration(() => null),
  },
  "link-times-cut": {
    description: "A share link's expiration is cut to whole seconds.",
    hooks: storing(["shareLink"], {
      ExpiresAt: (time) => (typeof time === "number" ? Math.floor(time / 1000) * 1000 : time),
    }),
  },
  "link-times-as-iso": {
    description: "A share link's expiration is shown as ISO 8601 text.",
    hooks: showingTimes(["shareLink"], { ExpiresAt: ofTime((time) => time.toISOString()) }),
  },
} as const satisfies Readonly<Record<string, Dialect>>;
