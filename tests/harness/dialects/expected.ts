/**
 * What cannot be done in some dialects: there a clear failure is the right end. Anywhere else a failure is a defect.
 */
import type { DialectName } from "./catalog/index.ts";

interface Impossible {
  /** Resources that may fail, by name; all of a life's if it is left out. */
  readonly fails: readonly string[];
  /** Secrets that no answer shows, as `Kind.output`: they may be missing in the state. */
  readonly lacks?: readonly string[];
  readonly because: string;
  /** The service breaks its reference's word, so that nothing is promised beside it; shown, and no defect. */
  readonly breaksItsWord?: true;
}

const ruled = ["acme", "guarded", "late"];
const rulesAreNot = (how: string): Impossible => ({
  fails: ruled,
  because: `inbound rules ${how}: logins that declare some stay closed`,
});
const lostSecret: Impossible = {
  fails: [],
  lacks: ["Webhook.secret"],
  because: "nobody shows the secret of a webhook whose create was lost",
};
const nobodyShows = "nobody shows a generated password";

export const impossible: Partial<Readonly<Record<DialectName, Impossible>>> = {
  "rules-never-applied": rulesAreNot("are not applied"),
  "rules-ignored-alone": rulesAreNot("of their own are not applied"),
  "rules-refused": rulesAreNot("are refused"),
  "rules-shown-nowhere": rulesAreNot("cannot be proven"),
  "default-rule-kept": rulesAreNot("close nothing"),
  "inactive-ignored": {
    fails: ["acme", "closed"],
    lacks: ["closing"],
    because: "a login cannot be closed",
  },
  "inactive-ignored-in-updates": {
    fails: ["acme", "closed"],
    because: "a login cannot be closed",
  },
  "permission-ignored-in-updates": { fails: ["acme"], because: "a permission cannot be changed" },
  "alias-ignored-in-updates": {
    // The mark of a half-made login stays in its alias.
    fails: ["acme", "guarded", "late"],
    because: "an alias cannot be changed",
  },
  "passwords-nowhere": {
    fails: ["rotation"],
    lacks: ["Credential.password"],
    because: nobodyShows,
  },
  "passwords-only-at-create": {
    fails: ["rotation"],
    lacks: ["Credential.password"],
    because: nobodyShows,
  },
  "webhook-secret-only-at-create": lostSecret,
  "patch-204": lostSecret,
  "patch-empty": lostSecret,
  "patch-null": lostSecret,
  "patch-message": lostSecret,
  "pages-link-next": { fails: ["*"], because: "lists are not complete" },
  "pages-total-count": { fails: ["*"], because: "lists are not complete" },
  "pages-content-range": { fails: ["*"], because: "lists are not complete" },
  "pages-next-page": { fails: ["*"], because: "lists are not complete" },
  "pages-without-hint": {
    fails: ["*"],
    because: "the reference's lists hold all there is, and nothing tells that these do not",
    breaksItsWord: true,
  },
};

export function mayFail(dialect: DialectName | undefined, name: string): boolean {
  const fails = dialect === undefined ? [] : (impossible[dialect]?.fails ?? []);
  return fails.includes("*") || fails.includes(name);
}

export function lacks(dialect: DialectName | undefined, what: string): boolean {
  return dialect !== undefined && (impossible[dialect]?.lacks?.includes(what) ?? false);
}
