import type * as pulumi from "@pulumi/pulumi";
import type { ShareLink as WireShareLink } from "../../api/shareLinks";
import { type FunctionSpec, listFromMock, oneFromMock, outputForm, plainForm } from "../../functions/invoke";
import type { FunctionOptions, FunctionOutputOptions } from "../../functions/options";
import { type ResultOf, resultOf } from "../../functions/results";
import { shareLinkFields as fields } from "./fields";
import type { ShareLink } from "./resource";

/** Which share link. */
export interface GetShareLinkArgs {
  /** The link's id. */
  readonly id: string;
}

/** Which share link. */
export interface GetShareLinkOutputArgs {
  /** The link's id. */
  readonly id: pulumi.Input<string>;
}

const secrets = ["url"] as const;
type Secret = (typeof secrets)[number];

/**
 * A share link as the API shows it, that is, without its password. `url` is left out unless secrets are included.
 * `organizationId` is left out where the API leaves it out.
 */
export interface GetShareLinkResult
  extends ResultOf<ShareLink, "password" | "onConsumed", Secret | "organizationId"> {
  /** The link's id. */
  readonly id: string;
  /** When it stops working, in Unix milliseconds; `null`: never. */
  readonly expiresAt: number | null;
  /** How often it was opened. Left out where the API leaves it out. */
  readonly accessCount?: number;
  /** When the link was last changed, in Unix milliseconds. Left out where the API leaves it out. */
  readonly updatedAt?: number;
}

/** All share links of the organization. */
export type GetShareLinksResult = GetShareLinkResult[];

const shareLink: FunctionSpec<GetShareLinkArgs, GetShareLinkResult> = {
  name: "getShareLink",
  secrets,
  validate: (args) => (typeof args?.id === "string" ? undefined : "getShareLink takes { id }."),
  ask: async (client, { id }) => toResult(await client.getShareLink(id)),
  fromMock: oneFromMock,
};

const shareLinks: FunctionSpec<object, GetShareLinksResult> = {
  name: "getShareLinks",
  secrets,
  ask: async (client) => (await client.listShareLinks()).map(toResult),
  fromMock: listFromMock,
};

/**
 * One share link by id. It is an error if there is none.
 *
 * @example
 * ```ts
 * const { accessCount } = await sftptogo.getShareLink({ id: "BSsdas5CBscVy" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Get share link"
 */
export function getShareLink(args: GetShareLinkArgs, opts?: FunctionOptions): Promise<GetShareLinkResult> {
  return plainForm(shareLink, args, opts);
}

/** The Output form of {@link getShareLink}; with secrets, and secret as a whole, unless `includeSecrets` is false. */
export function getShareLinkOutput(
  args: GetShareLinkOutputArgs,
  opts?: FunctionOutputOptions,
): pulumi.Output<GetShareLinkResult> {
  return outputForm(shareLink, args, opts);
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
export function getShareLinks(opts?: FunctionOptions): Promise<GetShareLinksResult> {
  return plainForm(shareLinks, {}, opts);
}

/** The Output form of {@link getShareLinks}; with secrets, and secret as a whole, unless `includeSecrets` is false. */
export function getShareLinksOutput(opts?: FunctionOutputOptions): pulumi.Output<GetShareLinksResult> {
  return outputForm(shareLinks, {}, opts);
}

function toResult(link: WireShareLink): GetShareLinkResult {
  const { AccessCount } = link;
  return {
    ...resultOf(fields, link, ["password", "onConsumed"]),
    ...(typeof AccessCount === "number" && { accessCount: AccessCount }),
  } as GetShareLinkResult;
}
