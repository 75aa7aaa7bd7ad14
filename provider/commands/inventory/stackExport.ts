/** What a stack manages, from the file that `pulumi stack export` writes. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { nameInUrn } from "../../protocol/hidden";
import { type Kind, kinds, typeToken } from "../../protocol/kinds";
import { jsonOrUndefined } from "../../values/plain";

/** A resource of this package in a stack. */
export interface ManagedResource {
  readonly kind: Kind;
  /** Its name in the program. */
  readonly name: string;
  /** Its id in the state: of a key, `credentialId/keyId`. */
  readonly id: string;
  /** The organization that it was made in, where the state says so. */
  readonly organizationId?: string;
  /** The line of the program that made it, as `index.ts#12,3`, where the state says so. */
  readonly sourcePosition?: string;
  /** A credential's expiration, which answers do not show: what its program declares. */
  readonly expiration?: string | number;
}

/** The resources of this package that a stack manages. */
export interface StackExport {
  readonly resources: readonly ManagedResource[];
  /** Whether it manages the object that a resource of this kind would have under this id. */
  manages(kind: Kind, id: string): boolean;
}

const exportSchema = v.object({
  deployment: v.object({
    resources: v.optional(
      v.array(
        v.looseObject({
          urn: v.string(),
          type: v.string(),
          id: v.optional(v.string()),
          external: v.optional(v.boolean()),
          sourcePosition: v.optional(v.unknown()),
          outputs: v.optional(
            v.looseObject({ organizationId: v.optional(v.unknown()), expiration: v.optional(v.unknown()) }),
          ),
        }),
      ),
      [],
    ),
  }),
});

/** Reads an export. The error names the file, and quotes nothing of it: it may hold secrets. */
export async function readStackExport(file: string): Promise<StackExport> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? "no reason given"}).`);
  });
  const parsed = v.safeParse(exportSchema, jsonOrUndefined(text));
  if (!parsed.success) {
    throw new Error(`${file} is not what \`pulumi stack export --file ${file}\` writes.`);
  }
  const resources = parsed.output.deployment.resources.flatMap(
    ({ urn, type, id, external, outputs, sourcePosition }): ManagedResource[] => {
      const kind = kinds.find((each) => typeToken(each) === type);
      // One that is only read (`get`) is managed elsewhere, or nowhere.
      if (kind === undefined || id === undefined || id === "" || external) return [];
      const { organizationId, expiration } = outputs ?? {};
      const place = placeIn(sourcePosition);
      return [
        {
          kind,
          name: nameInUrn(urn),
          id,
          ...(typeof organizationId === "string" && { organizationId }),
          ...(place !== undefined && { sourcePosition: place }),
          ...((typeof expiration === "string" || typeof expiration === "number") && { expiration }),
        },
      ];
    },
  );
  const ids = new Set(resources.map(({ kind, id }) => `${kind} ${id}`));
  return { resources, manages: (kind, id) => ids.has(`${kind} ${id}`) };
}

/** Of `project:///index.ts#12,3`, what follows the project's folder. */
function placeIn(position: unknown): string | undefined {
  const [, place] = /^project:\/\/\/([^\s#]+#\d+(?:,\d+)?)$/.exec(String(position)) ?? [];
  return place;
}
