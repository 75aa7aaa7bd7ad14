import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../engine/kinds";
import { deleteFirst, isKind, registeredInputs, registeredOptions, type Shape } from "../engine/registration";
import { pausePromiseTraces } from "../engine/traces";

/**
 * The arguments of a {@link ShareLink}. What is left out is not sent and never shows as a difference; what is
 * taken out again stays on the server as it is. Each change updates in place.
 */
export interface ShareLinkArgs {
  /** What is shared, from the root, with a leading slash; a folder ends with a slash. Updates. */
  path: pulumi.Input<string>;
  /** `read-only`, `read-write`, `write-only` or `read-write-no-delete`; a file's is `read-only`. Updates. */
  permission: pulumi.Input<string>;
  /** When it stops working: ISO 8601 text with a zone, or Unix milliseconds. `null`: never. Updates. */
  expiresAt?: pulumi.Input<string | number | null> | undefined;
  /** How often it can be opened, a whole number; 0 or `null`: as often as you like. Updates. */
  accessLimit?: pulumi.Input<number | null> | undefined;
  /** Secret. Not empty, and fit for the organization's password policy. Updates. */
  password?: pulumi.Input<string> | undefined;
  /** A note for those who may share. `null` clears it. Updates. */
  notes?: pulumi.Input<string | null> | undefined;
  /**
   * What to do once the service has deactivated or removed the link, because it was used up or has expired.
   * `keep`: nothing, access stays closed. `recreate`: the next `up` replaces it by a new one with a new
   * address, unless `expiresAt` has passed. Default `keep`. Updates.
   */
  onConsumed?: pulumi.Input<"keep" | "recreate"> | undefined;
}

const shape: Shape = {
  kind: "ShareLink",
  arguments: ["path", "permission", "expiresAt", "accessLimit", "password", "notes"],
  outputs: ["url", "state", "createdBy", "organizationId", "createdAt"],
  secrets: ["password", "url"],
};

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
  /**
   * Reads a share link that this stack does not manage.
   *
   * @param id The link's id, e.g. `BSsdas5CBscVy`. It is an error if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ShareLink {
    return new ShareLink(name, undefined as unknown as ShareLinkArgs, { ...opts, id });
  }

  /** Whether a value is a share link, made by this copy of the package or another. */
  static override isInstance(value: unknown): value is ShareLink {
    return isKind(shape.kind, value);
  }

  declare readonly path: pulumi.Output<string>;
  declare readonly permission: pulumi.Output<string>;
  /** As the program writes it, or Unix milliseconds. */
  declare readonly expiresAt: pulumi.Output<string | number | null>;
  declare readonly accessLimit: pulumi.Output<number | null>;
  /** Secret. */
  declare readonly password: pulumi.Output<string | null>;
  declare readonly notes: pulumi.Output<string | null>;
  /** Secret. The address. */
  declare readonly url: pulumi.Output<string>;
  /** `active`; another word of the service once it is used up or expired; `removed` where it then removed it. */
  declare readonly state: pulumi.Output<string>;
  /** Who made it, as the API says it: its shape varies. */
  declare readonly createdBy: pulumi.Output<Record<string, unknown> | null>;
  declare readonly organizationId: pulumi.Output<string>;
  /** Unix milliseconds. */
  declare readonly createdAt: pulumi.Output<number>;

  constructor(name: string, args: ShareLinkArgs, opts?: pulumi.CustomResourceOptions) {
    const resumeTraces = pausePromiseTraces();
    try {
      super(
        typeToken(shape.kind),
        name,
        registeredInputs(shape, name, args, opts),
        registeredOptions(shape, args, opts, deleteFirst),
      );
    } finally {
      resumeTraces();
    }
  }
}
