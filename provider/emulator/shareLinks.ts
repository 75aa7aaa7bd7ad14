/** `/portal-links`: the share links. */
import { randomBytes, randomUUID } from "node:crypto";
import * as v from "valibot";
import type { ShareLink } from "../api/shareLinks";
import type { StoredShareLink } from "./data";
import { checkPassword } from "./passwords";
import {
  assign,
  badRequest,
  created,
  fields,
  notFound,
  ok,
  oneOf,
  parse,
  type Route,
  type Service,
  text,
  time,
} from "./route";

const path = v.pipe(text, v.startsWith("/", "must begin with /"));
const permission = oneOf("read-only", "read-write", "write-only", "read-write-no-delete");
const type = v.literal("share", "must be share");

const optionalFields = {
  ExpiresAt: v.nullish(time),
  AccessLimit: v.optional(
    v.pipe(
      v.number("must be an integer, 0 for unlimited access"),
      v.integer("must be an integer, 0 for unlimited access"),
      v.minValue(0, "must be 0 or more"),
    ),
  ),
  Password: v.nullish(text),
  Notes: v.nullish(text),
};

const createBody = fields({ ...optionalFields, Path: path, Permission: permission, Type: type });
const updateBody = fields({
  ...optionalFields,
  Path: v.optional(path),
  Permission: v.optional(permission),
  Type: v.optional(type),
});

export function shareLinkRoutes(service: Service): Route[] {
  const { data, now } = service;
  /** The two shapes in which the reference shows who made a link: one in the list, one everywhere else. */
  const createdByInList = {
    Type: "Admin",
    Id: randomBytes(8).toString("hex"),
    PrincipalName: "Admin User",
    PrincipalId: randomBytes(8).toString("hex"),
    PrincipalType: "admin",
  };
  const createdBy = {
    Type: "Account",
    Id: randomUUID(),
    Email: "admin@example.com",
    Name: "Admin User",
  };

  function find(id: string): StoredShareLink {
    const link = data.shareLinks.get(id);
    if (link === undefined) throw notFound("Share link");
    expire(link, now());
    return link;
  }

  /** Without the password, which only the answer to the create that set it holds. */
  function show(link: StoredShareLink, CreatedBy: Record<string, unknown> = createdBy): ShareLink {
    const { Password, ...shown } = link;
    return { ...shown, Type: "share", OrganizationId: data.organizationId, CreatedBy };
  }

  function checkExpiresAt(value: number | null | undefined): void {
    if (value != null && value <= now()) throw badRequest("ExpiresAt must be in the future");
  }

  return [
    {
      method: "GET",
      path: "/portal-links",
      operation: "listShareLinks",
      handle: () =>
        ok(
          [...data.shareLinks.values()].map((link) => {
            expire(link, now());
            return show(link, createdByInList);
          }),
        ),
    },
    {
      method: "POST",
      path: "/portal-links",
      operation: "createShareLink",
      handle({ body }) {
        const { Path, Permission, Password, Type, ...rest } = parse(createBody, body);
        checkPermission(Path, Permission);
        checkExpiresAt(rest.ExpiresAt);
        if (Password) checkPassword(Password);
        const link = data.addShareLink({ Path, Permission, Password: Password || null });
        assign(link, rest);
        return created(Password ? { ...show(link), Password } : show(link));
      },
    },
    {
      method: "GET",
      path: "/portal-links/:id",
      operation: "getShareLink",
      handle: ({ id }) => ok(show(find(id))),
    },
    {
      method: "PATCH",
      path: "/portal-links/:id",
      operation: "updateShareLink",
      handle({ id, body }) {
        const link = find(id);
        const { Type, Password, ...changes } = parse(updateBody, body);
        checkPermission(changes.Path ?? link.Path, changes.Permission ?? link.Permission);
        checkExpiresAt(changes.ExpiresAt);
        if (Password) checkPassword(Password);
        // A blank takes the password away: the reference calls it optional and names no other way.
        assign(link, {
          ...changes,
          Password: Password === undefined ? undefined : Password || null,
          UpdatedAt: now(),
        });
        return ok(show(link));
      },
    },
    {
      method: "DELETE",
      path: "/portal-links/:id",
      operation: "deleteShareLink",
      handle({ id }) {
        data.shareLinks.delete(find(id).Id);
        return ok({});
      },
    },
  ];
}

/**
 * Somebody opens a share link. At its limit the link is removed (the reference's word) or turned inactive
 * (the documentation's), as the emulator was told. Returns whether the link let them in.
 */
export function accessShareLink({ data, now, atAccessLimit }: Service, id: string): boolean {
  const link = data.shareLinks.get(id);
  if (link === undefined) return false;
  expire(link, now());
  if (link.State !== "active") return false;
  link.AccessCount += 1;
  if (link.AccessLimit > 0 && link.AccessCount >= link.AccessLimit) {
    if (atAccessLimit === "remove") data.shareLinks.delete(id);
    else link.State = "inactive";
  }
  return true;
}

/** What becomes of an expired link is not said; it is shown as inactive, like one whose accesses are used up. */
function expire(link: StoredShareLink, now: number): void {
  if (link.ExpiresAt !== null && link.ExpiresAt <= now) link.State = "inactive";
}

/**
 * A path without a slash at its end is a file, and a link to a file can only be read-only (the vendor's
 * documentation; the reference's example of an update shows otherwise, and is taken for a slip).
 */
function checkPermission(path: string, permission: string): void {
  if (!path.endsWith("/") && permission !== "read-only") {
    throw badRequest("Permission of a link to a file must be read-only");
  }
}
