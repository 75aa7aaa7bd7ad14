/** What a preview says of a credential rotation. */
import { dayAndTime, warnOfEnding } from "../../lifecycle/check/endings";
import type { UnresolvedInputs } from "../../lifecycle/fields/vocabulary";
import type { Session } from "../../lifecycle/process/session";
import { hasUnknown } from "../../protocol/unknowns";
import type { CredentialRotationState, credentialRotationFields as fields } from "./fields";
import { graceEndOf, type Plan } from "./plan";

/**
 * Says what a plan does, and what the coming days bring: the engine shows an update by the inputs that differ, and none
 * differs because time has passed.
 */
export function announce(
  session: Session,
  resource: string,
  olds: CredentialRotationState,
  news: UnresolvedInputs<typeof fields>,
  { changed, rotates, closes, isDue, dueAt, graceEnd }: Plan,
): void {
  const next = (olds.userNames ?? []).find((userName) => userName !== olds.userName);
  const announceDays = typeof news.announceDays === "number" ? news.announceDays : undefined;
  const isExtended = changed.includes("expiration") && news.expiration !== null;
  if (isExtended && news.state === undefined && olds.state === "inactive") {
    session.warn(
      `${resource}: ${olds.userName} is inactive, and a new expiration does not change that: declare ` +
        'state: "active" to open it again',
    );
  }
  if (rotates) {
    const why = isDue
      ? ` It was rotated at ${olds.rotatedAt}, more than ${news.rotateAfterDays} days ago.`
      : "";
    const unlessSame = hasUnknown(news.triggers) && !isDue ? "if its triggers come out changed, " : "";
    const now = session.time().latest;
    const end = graceEndOf(now, news);
    const goesOn =
      end > now ? `goes on until ${dayAndTime(end)}` : "stays open until you run `pulumi up` once more";
    const isOverlap = olds.state === "active" && news.state !== "inactive";
    const overlap = isOverlap ? `; ${olds.userName} ${goesOn} (graceDays)` : "";
    session.warn(
      `${resource}: ${unlessSame}${next} gets a new password and becomes the active login${overlap}.${why}`,
    );
  } else if (dueAt !== undefined && !isDue) {
    warnOfEnding(session, {
      resource,
      does: `makes ${next} the active login`,
      key: "rotateAfterDays",
      at: dueAt,
      days: announceDays,
      besides: `${olds.userName} goes on until ${dayAndTime(graceEndOf(dueAt, news))}`,
    });
  }
  if (closes && !rotates) {
    session.warn(
      `${resource}: the previous login ${olds.previousUserName} becomes inactive; its grace is over`,
    );
  } else if (graceEnd !== undefined && news.state !== "inactive") {
    const does = `makes the previous login ${olds.previousUserName} inactive`;
    warnOfEnding(session, { resource, does, key: "graceDays", at: graceEnd, days: announceDays });
  }
}
