/** Share links: `/portal-links`. */
import * as v from "valibot";
import { blankable, type Calls, id, optionalNumber, optionalTime } from "./calls";

/** A share link. `Password` is only in the answer to the create that set it; `CreatedBy` has two shapes. */
const shareLinkSchema = v.looseObject({
  Id: id,
  Path: v.string(),
  Permission: v.string(),
  State: v.string(),
  Type: blankable,
  Url: v.string(),
  ExpiresAt: optionalTime,
  AccessLimit: optionalNumber,
  AccessCount: optionalNumber,
  Password: blankable,
  Notes: blankable,
  CreatedBy: v.nullish(v.record(v.string(), v.unknown())),
  OrganizationId: blankable,
  CreatedAt: optionalTime,
  UpdatedAt: optionalTime,
});
export type ShareLink = v.InferOutput<typeof shareLinkSchema>;

/** What a PATCH answers: no field is certain. */
const patchedSchema = v.partial(shareLinkSchema);
export type ShareLinkPatched = v.InferOutput<typeof patchedSchema>;

/** The body of a create and an update; `Type: "share"` is added to a create. An update holds only what changes. */
export interface ShareLinkBody {
  readonly Path?: string | undefined;
  readonly Permission?: string | undefined;
  readonly ExpiresAt?: number | null | undefined;
  readonly AccessLimit?: number | undefined;
  readonly Password?: string | undefined;
  readonly Notes?: string | null | undefined;
}

export interface ShareLinkCalls {
  /** GET `/portal-links`: all share links, without passwords. Repeated. */
  listShareLinks(): Promise<ShareLink[]>;
  /** POST `/portal-links`, with `Type: "share"`. Throws `InputError`. Sent once. */
  createShareLink(body: ShareLinkBody): Promise<ShareLink>;
  /** GET `/portal-links/<id>`: without the password. Throws `NotFoundError`. Repeated. */
  getShareLink(id: string): Promise<ShareLink>;
  /**
   * PATCH `/portal-links/<id>` with what changes only; read back. Throws `NotFoundError`, `InputError`.
   * Repeated.
   */
  updateShareLink(id: string, body: ShareLinkBody): Promise<ShareLinkPatched>;
  /** DELETE `/portal-links/<id>`. Throws `NotFoundError`. Repeated. */
  deleteShareLink(id: string): Promise<void>;
}

export function shareLinkCalls({ list, get, create, update, remove }: Calls): ShareLinkCalls {
  return {
    listShareLinks: () => list("list share links", ["portal-links"], shareLinkSchema),
    createShareLink: (body) =>
      create("create a share link", ["portal-links"], { ...body, Type: "share" }, shareLinkSchema),
    getShareLink: (id) => get(`read share link ${id}`, ["portal-links", id], shareLinkSchema),
    updateShareLink: (id, body) =>
      update(`update share link ${id}`, ["portal-links", id], body, patchedSchema),
    deleteShareLink: (id) => remove(`delete share link ${id}`, ["portal-links", id]),
  };
}
