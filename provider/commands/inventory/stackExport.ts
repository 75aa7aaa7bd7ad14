/** What a stack manages, from the file that `pulumi stack export` writes. */
import * as v from "valibot";
import { nameInUrn } from "../../protocol/hidden";
import { kinds, typeToken } from "../../protocol/kinds";
import { isPlainObject, jsonOrUndefined } from "../../values/plain";
import { readTextFile } from "../textFile";
import { Managed, type ManagedResource } from "./managed";

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
            v.looseObject({
              organizationId: v.optional(v.unknown()),
              expiration: v.optional(v.unknown()),
              keyIds: v.fallback(v.optional(v.array(v.string())), undefined),
              outgoing: v.fallback(v.optional(v.array(v.looseObject({ keyId: v.string() }))), undefined),
            }),
          ),
        }),
      ),
      [],
    ),
  }),
});

/** What the stacks of some exports manage. `placeOf` says where a line of the program of each is. */
export async function readStackExports(
  files: readonly string[],
  placeOf: (place: string, index: number) => string = (place) => place,
): Promise<Managed> {
  const read = async (file: string, index: number) =>
    (await resourcesIn(file)).map(({ sourcePosition, ...resource }) => ({
      ...resource,
      ...(sourcePosition !== undefined && { sourcePosition: placeOf(sourcePosition, index) }),
    }));
  return new Managed((await Promise.all(files.map(read))).flat());
}

/** The error names the file, and quotes nothing of it: it may hold secrets. */
async function resourcesIn(file: string): Promise<ManagedResource[]> {
  const text = await readTextFile(file);
  const parsed = v.safeParse(exportSchema, jsonOrUndefined(text));
  if (!parsed.success) {
    throw new Error(`${file} is not what \`pulumi stack export --file ${file}\` writes.`);
  }
  return parsed.output.deployment.resources.flatMap(
    ({ urn, type, id, external, outputs, sourcePosition }): ManagedResource[] => {
      const kind = kinds.find((each) => typeToken(each) === type);
      // One that is only read (`get`) is managed elsewhere, or nowhere.
      if (kind === undefined || id === undefined || id === "" || external) return [];
      const { organizationId, expiration, keyIds, outgoing = [] } = outputs ?? {};
      const place = placeIn(sourcePosition);
      return [
        {
          kind,
          name: nameInUrn(urn),
          id,
          ...(typeof organizationId === "string" && { organizationId }),
          ...(place !== undefined && { sourcePosition: place }),
          ...(kind === "SshPublicKeySet" &&
            keyIds && { keyIds: [...keyIds, ...outgoing.map(({ keyId }) => keyId)] }),
          ...expirationOf(expiration),
        },
      ];
    },
  );
}

/** One that is declared as a secret is there, and nobody here can read when it is. */
function expirationOf(value: unknown): Pick<ManagedResource, "expiration"> {
  if (typeof value === "string" || typeof value === "number") return { expiration: value };
  return isPlainObject(value) ? { expiration: "declared as a secret" } : {};
}

/** Of `project:///index.ts#12,3`, what follows the project's folder. */
function placeIn(position: unknown): string | undefined {
  const [, place] = /^project:\/\/\/([^\s#]+#\d+(?:,\d+)?)$/.exec(String(position)) ?? [];
  return place;
}
