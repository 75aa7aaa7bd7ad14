import * as pulumi from "@pulumi/pulumi";
import { shapeOf } from "../../lifecycle/fields/shape";
import { typeToken } from "../../protocol/kinds";
import {
  deleteFirst,
  isKind,
  registered,
  registeredInputs,
  registeredOptions,
} from "../../protocol/registration";
import { pausePromiseTraces } from "../../protocol/traces";
import { shareLinkFields, shareLinkMarks } from "./fields";

/** What visitors may do with the shared file or folder. Any other string is sent to the service with a warning. */
export type ShareLinkPermission =
  | "read-only"
  | "read-write"
  | "write-only"
  | "read-write-no-delete"
  | (string & {});

/**
 * Whether a share link works: `active` if it does, `removed` if the service removed it after it was used up or had
 * expired, otherwise whatever state the service gives it.
 */
export type ShareLinkState = "active" | "removed" | (string & {});

/** What to do once the service has deactivated or removed a share link. */
export type OnConsumed = "keep" | "recreate";

/**
 * The arguments of a {@link ShareLink}. An argument that is left out is not sent and never shows as a difference. One
 * that is taken out again stays on the server as it is. Each change updates in place.
 */
export interface ShareLinkArgs {
  /** The path of the shared file or folder, with a leading slash. A folder ends with a slash. Updates. */
  path: pulumi.Input<string>;
  /** `read-only`, `read-write`, `write-only` or `read-write-no-delete`; a file can only be `read-only`. Updates. */
  permission: pulumi.Input<ShareLinkPermission>;
  /**
   * When it stops working: an ISO 8601 string with a zone, or Unix milliseconds. A day alone, such as `"2026-12-31"`, is
   * its beginning in UTC. `null`: never. Updates.
   */
  expiresAt?: pulumi.Input<string | number | null | undefined>;
  /** How often it can be opened, a whole number. 0 or `null`: without a limit. Updates. */
  accessLimit?: pulumi.Input<number | null | undefined>;
  /** Secret. Must not be empty, and must meet the organization's password policy. Updates. */
  password?: pulumi.Input<string | undefined>;
  /** A note for the people who manage share links. `null` clears it. Updates. */
  notes?: pulumi.Input<string | null | undefined>;
  /**
   * What to do once the service has deactivated or removed the link because it was used up or has expired.
   * `keep`: nothing, so access stays closed. `recreate`: the next `up` replaces it with a new link at a new address,
   * unless the declared `expiresAt` has passed. Default `keep`. Updates.
   */
  onConsumed?: pulumi.Input<OnConsumed | undefined>;
}

const shape = shapeOf<typeof shareLinkFields, ShareLinkArgs, ShareLink>(
  "ShareLink",
  shareLinkFields,
  shareLinkMarks,
);

/**
 * A share link: an address that opens one file or folder in a browser, without a login. Whoever has the
 * address has access, so `url` is secret. Share links depend on the plan.
 *
 * @example
 * ```ts
 * const report = new sftptogo.ShareLink("report", { path: "/reports/2027-q1.pdf", permission: "read-only" });
 * export const address = report.url;
 * ```
 *
 * @example For a month and a hundred visits, with a password
 * ```ts
 * new sftptogo.ShareLink("campaign", {
 *   path: "/campaign/",
 *   permission: "read-write",
 *   expiresAt: "2027-01-31T00:00:00Z",
 *   accessLimit: 100,
 *   password: config.requireSecret("campaignPassword"),
 *   notes: "Q1 marketing materials",
 * });
 * ```
 *
 * @example Take over what exists
 * ```ts
 * new sftptogo.ShareLink("report", { path: "/reports/q1.pdf", permission: "read-only" }, { import: "BSsdas5CBscVy" });
 * ```
 *
 * @see https://sftptogo.com/docs/rest-api/ "Share Links"
 */
export class ShareLink extends pulumi.CustomResource {
  /** The type in state files. Policies and transforms recognise the class by it. */
  static readonly __pulumiType = typeToken("ShareLink");

  /**
   * Reads a share link that this stack does not manage.
   *
   * @param id The link's id, e.g. `BSsdas5CBscVy`. It is an error if it does not exist.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ShareLink {
    return new ShareLink(name, {} as ShareLinkArgs, { ...opts, id });
  }

  /** Whether a value is a share link. It goes by the type, so resources of another copy of the package count too. */
  static override isInstance(value: unknown): value is ShareLink {
    return isKind(shape.kind, value);
  }

  /** The path of the shared file or folder. */
  declare readonly path: pulumi.Output<string>;
  /** What visitors may do with it. */
  declare readonly permission: pulumi.Output<ShareLinkPermission>;
  /** When it stops working, as the program declares it, else in Unix milliseconds. */
  declare readonly expiresAt: pulumi.Output<string | number | null>;
  /** How often it can be opened; 0 or `null`: without a limit. */
  declare readonly accessLimit: pulumi.Output<number | null>;
  /** Secret. `null` at run time if the program declares none, since the service does not show it. */
  declare readonly password: pulumi.Output<string>;
  /** A note for the people who manage share links. */
  declare readonly notes: pulumi.Output<string | null>;
  /** What to do once the service has deactivated or removed the link. */
  declare readonly onConsumed: pulumi.Output<OnConsumed>;
  /** Secret. The address. */
  declare readonly url: pulumi.Output<string>;
  /** `active` while it works. `removed` if the service removed it after it was used up or had expired. */
  declare readonly state: pulumi.Output<ShareLinkState>;
  /** The person or key that made it, in the API's own fields, which vary. `null` if the service does not say. */
  declare readonly createdBy: pulumi.Output<Record<string, unknown> | null>;
  /** The organization that the link belongs to. */
  declare readonly organizationId: pulumi.Output<string>;
  /** When the link was made, in Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  /**
   * Declares a share link.
   *
   * @param name The name in the program, unique among the stack's resources of this class. After a rename, give the
   *   option `aliases` with the old one.
   * @param args What it opens, and for how long. One that Pulumi cannot carry, such as a `Map`, is refused here.
   * @param opts Pulumi's options, among them `import`, with the id of what exists, and `provider`. `customTimeouts` has
   *   no effect.
   */
  constructor(name: string, args: ShareLinkArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, opts, deleteFirst),
      );
      registered(shape, name, opts, this);
    } finally {
      resumeTraces();
    }
  }
}
