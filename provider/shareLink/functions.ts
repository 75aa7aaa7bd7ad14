import type * as pulumi from "@pulumi/pulumi";
import type { ShareLink } from "../api/shareLinks";
import { clientFor, type FunctionOptions, outputForm } from "../functions/invoke";

/** Which share link. */
export interface GetShareLinkArgs {
  readonly id: string;
}

/** A share link as the API gives it. Its password is not among what can be read. Times are Unix milliseconds. */
export interface ShareLinkResult {
  readonly id: string;
  readonly path: string;
  readonly permission: string;
  readonly expiresAt: number | null;
  readonly accessLimit: number | null;
  readonly accessCount?: number;
  readonly notes: string | null;
  /** Secret: who has it has access. Left out unless secrets are included. */
  readonly url?: string;
  readonly state: string;
  readonly createdBy: Record<string, unknown> | null;
  readonly organizationId?: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
}

/**
 * One share link by id. Finding none is an error.
 *
 * @example
 * ```ts
 * const { accessCount } = await sftptogo.getShareLink({ id: "BSsdas5CBscVy" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Get share link"
 */
export async function getShareLink(args: GetShareLinkArgs, opts?: FunctionOptions): Promise<ShareLinkResult> {
  if (typeof args?.id !== "string") throw new Error("getShareLink takes { id }.");
  const client = await clientFor(opts);
  return toResult(await client.getShareLink(args.id), opts);
}

/** The Output form of {@link getShareLink}; with secrets unless `includeSecrets` is false, and secret then. */
export function getShareLinkOutput(
  args: { id: pulumi.Input<string> },
  opts?: FunctionOptions,
): pulumi.Output<ShareLinkResult> {
  return outputForm(getShareLink, args as pulumi.Input<GetShareLinkArgs>, opts);
}

/**
 * All share links of the organization.
 *
 * @example
 * ```ts
 * const open = (await sftptogo.getShareLinks()).filter((link) => link.expiresAt === null);
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "List share links"
 */
export async function getShareLinks(opts?: FunctionOptions): Promise<ShareLinkResult[]> {
  const client = await clientFor(opts);
  return (await client.listShareLinks()).map((link) => toResult(link, opts));
}

/** The Output form of {@link getShareLinks}; with secrets unless `includeSecrets` is false, and secret then. */
export function getShareLinksOutput(opts?: FunctionOptions): pulumi.Output<ShareLinkResult[]> {
  return outputForm((_: unknown, given) => getShareLinks(given), {}, opts);
}

function toResult(link: ShareLink, opts: FunctionOptions | undefined): ShareLinkResult {
  return {
    id: link.Id,
    path: link.Path,
    permission: link.Permission,
    expiresAt: link.ExpiresAt ?? null,
    accessLimit: link.AccessLimit ?? null,
    ...(link.AccessCount !== undefined && { accessCount: link.AccessCount }),
    notes: link.Notes ?? null,
    ...(opts?.includeSecrets && { url: link.Url }),
    state: link.State,
    createdBy: link.CreatedBy ?? null,
    ...(link.OrganizationId && { organizationId: link.OrganizationId }),
    createdAt: link.CreatedAt,
    ...(link.UpdatedAt !== undefined && { updatedAt: link.UpdatedAt }),
  };
}
