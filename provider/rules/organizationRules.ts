/** The rules that take what only the service knows, or several objects: asked by the audit alone. */

import { isShown } from "../lifecycle/doubt/likeness";
import type { Kind } from "../protocol/kinds";
import { isUnfinished } from "../resources/credential/unfinished";
import { passwordTime } from "../resources/shared/rotate";
import { fingerprintOf } from "../resources/shared/sshKeys";
import { canonicalUrl } from "../values/addresses";
import { millisecondsPerDay, serviceTime } from "../values/times";
import { isEndless, isOpen } from "./argumentRules";
import {
  all,
  type CredentialSubject,
  isRoot,
  type Judgement,
  type KeySubject,
  type Organization,
  type OrganizationRule,
  type Subject,
  type Verdict,
  type WebhookSubject,
} from "./rule";

const oldDays = 90;

export const organizationRules: readonly OrganizationRule[] = [
  {
    id: "key-on-several-logins",
    severity: "high",
    what: "one SSH key on several logins",
    why: "Whoever holds it is each of them, and the logs do not say who it was.",
    remediation: "Ask for a key for each login, and remove this one from all but one.",
    judge({ keys, holderOf }) {
      const print = ({ args: { sshPublicKeyBody } }: KeySubject) =>
        fingerprintOf(sshPublicKeyBody ?? "") ?? "";
      const shared = groupsOf(keys, print)
        // The two logins of a rotation are one partner's, in turn.
        .filter((group) => new Set(group.map(({ object }) => holderOf(object.UserId))).size > 1)
        .flatMap(judgeGroup);
      // One that is not shown whole may be on any login.
      const unknown = keys.filter((each) => print(each) === "");
      return [...shared, ...unknown.map((subject) => ({ subject, verdict: undefined }))];
    },
  },
  {
    id: "root-password-old",
    severity: "high",
    what: `root login whose password is older than ${oldDays} days`,
    why: "It opens everything, and nobody knows who has seen it since.",
    remediation: "Rotate it, e.g. with a PasswordRotation of rotateAfterDays: 90.",
    judge: ({ credentials, now }) => credentials.filter(isRootLogin).map((each) => judgePassword(each, now)),
  },
  {
    id: "password-old",
    severity: "medium",
    what: `login whose password is older than ${oldDays} days`,
    why: "The longer a password lives, the more people have seen it.",
    remediation: "Rotate it, e.g. with a PasswordRotation of rotateAfterDays: 90.",
    judge: ({ credentials, holderOf, now }) =>
      credentials
        .filter((each) => !isRootLogin(each) && !isInReserve(each, holderOf))
        .map((each) => judgePassword(each, now)),
  },
  {
    id: "login-homes-nested",
    severity: "medium",
    what: "login whose home is inside that of another login",
    why: "The other login sees and may change these files.",
    remediation: "Give each login a folder beside the others.",
    judge: nestedHomes,
  },
  {
    id: "login-unfinished",
    severity: "medium",
    what: "unfinished login",
    why: "A run was killed while it made this login, before its rules were on.",
    remediation: "Run `pulumi up` again, import the login, or delete it.",
    judge: ({ credentials }) =>
      credentials.map((subject) => ({ subject, verdict: isUnfinished(subject.object) })),
  },
  {
    id: "link-endless-old",
    severity: "medium",
    what: `link without an expiry or a limit, older than ${oldDays} days`,
    why: "Nobody remembers who has been sent the address.",
    remediation: "Remove it, or give it expiresAt or accessLimit.",
    judge: ({ links, now }) =>
      links.map((subject) => ({
        subject,
        verdict: all(
          isOpen(subject.args, now),
          isEndless(subject.args),
          isOld(serviceTime(subject.object.CreatedAt), now),
        ),
      })),
  },
  {
    id: "webhooks-equal",
    severity: "medium",
    what: "duplicate webhook",
    why: "The receiver gets every event twice.",
    remediation: "Remove one of them.",
    judge: ({ webhooks }) =>
      groupsOf(webhooks, webhookIdentity)
        .filter((group) => group.length > 1)
        .flatMap(judgeGroup),
  },
  {
    id: "login-without-key",
    severity: "low",
    what: "login without an SSH key",
    why: "It can be used with a password only, which can be guessed and passed on.",
    remediation: "Ask the partner for an SSH public key, and add it.",
    judge: ({ credentials }) =>
      credentials.map((subject) => ({
        subject,
        // Keys that are counted and not in their list are there, and could not be read.
        verdict: subject.keys.length > 0 ? false : subject.object.SshPublicKeysCount ? undefined : true,
      })),
  },
  {
    id: "login-password-beside-keys",
    severity: "low",
    what: "login with a password beside its SSH keys",
    why: "The key protects nothing while the password works, too.",
    remediation:
      "Rotate the password to one that nobody keeps, with a PasswordRotation of storeSecrets: false, and put this finding into the baseline: the API cannot remove a password.",
    judge: ({ credentials }) =>
      credentials
        .filter(({ keys, object }) => keys.length > 0 || object.SshPublicKeysCount)
        .map((subject) => ({ subject, verdict: hasPassword(subject) })),
  },
  {
    id: "not-managed",
    severity: "low",
    what: "object that no given stack manages",
    why: "Nobody reviews changes to it, and nothing puts it back.",
    remediation:
      "Take it over with `npx pulumi-sftptogo export --stack-export <file>` (`--include-root` for the root login), or remove it.",
    judge({ isManaged, credentials, keys, webhooks, links, now }) {
      if (isManaged === undefined) return [];
      // A link that is closed, or of another type, is none that a program could have.
      const usable = links.filter(
        ({ args, object }) => isOpen(args, now) && (object.Type ?? "share") === "share",
      );
      const subjects: readonly Subject[] = [...credentials, ...keys, ...webhooks, ...usable];
      return subjects.map((subject) => ({ subject, verdict: !isManaged(subject.kind, stateId(subject)) }));
    },
  },
];

/** Its id in a stack's state. */
export function stateId(subject: Subject): string {
  return isKey(subject) ? `${subject.object.UserId}/${subject.id}` : subject.id;
}

function isKey(subject: Subject): subject is KeySubject {
  const kind: Kind = "SshPublicKey";
  return subject.kind === kind;
}

function isRootLogin({ args }: CredentialSubject): boolean {
  return isRoot(args);
}

/** The closed one of two logins that are used in turn: it gets a new password before it is opened. */
function isInReserve({ id, object }: CredentialSubject, holderOf: Organization["holderOf"]): boolean {
  return object.State === "inactive" && holderOf(id) !== id;
}

function judgePassword(subject: CredentialSubject, now: number): Judgement {
  const since = passwordTime(subject.object);
  return {
    subject,
    verdict: isOld(since, now),
    ...(since !== undefined && { detail: `${daysOf(since, now)} days` }),
  };
}

function isOld(since: number | undefined, now: number): Verdict {
  // A day in the future says nothing; the clocks may differ by some hours.
  if (since === undefined || daysOf(since, now) < -1) return undefined;
  // A rotation of just as many days is done by the next nightly run.
  return daysOf(since, now) > oldDays;
}

function daysOf(since: number, now: number): number {
  return Math.floor((now - since) / millisecondsPerDay);
}

function hasPassword({ object: { Password, PasswordCreatedAt } }: CredentialSubject): Verdict {
  return isShown(Password) || serviceTime(PasswordCreatedAt) !== undefined || undefined;
}

function nestedHomes({ credentials }: Organization): Judgement[] {
  const byHome = new Map<string, CredentialSubject>();
  const homes = credentials.flatMap((subject): [string, CredentialSubject][] => {
    const home = foldersOf(subject.args.homeDirectory).join("/");
    // The root login is meant to see all, and a home of / has a rule of its own.
    return isRootLogin(subject) || home === "" ? [] : [[home, subject]];
  });
  for (const [home, subject] of homes) if (!byHome.has(home)) byHome.set(home, subject);
  return homes.flatMap(([home, subject]): Judgement[] => {
    const folders = home.split("/");
    for (let depth = folders.length - 1; depth > 0; depth--) {
      const outer = byHome.get(folders.slice(0, depth).join("/"));
      if (outer) return [{ subject, verdict: true, detail: `inside that of ${outer.name}` }];
    }
    return [];
  });
}

function foldersOf(path: unknown): string[] {
  return typeof path === "string" ? path.split("/").filter((each) => each !== "" && each !== ".") : [];
}

/** By what the receiver is told; the alias makes no difference to it. */
function webhookIdentity({ object: { Url, Type, Topics } }: WebhookSubject): string {
  // Masked ones may differ.
  if (!isShown(Url) || Url.includes("***")) return "";
  return JSON.stringify([canonicalUrl(Url), Type, [...new Set(Topics ?? [])].sort()]);
}

function groupsOf<T>(items: readonly T[], identity: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = identity(item);
    if (key !== "") groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

const mostNames = 5;

function judgeGroup(group: readonly Subject[]): Judgement[] {
  return group.map((subject) => {
    const others = group.filter((each) => each !== subject).map(({ name }) => name);
    const more = others.length > mostNames ? ` and ${others.length - mostNames} more` : "";
    return { subject, verdict: true, detail: `also ${others.slice(0, mostNames).join(", ")}${more}` };
  });
}
