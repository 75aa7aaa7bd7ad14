/**
 * The inputs and outputs that are ours alone. The engine hides every property that begins with `__`, even in
 * `--diff`. Those of `sent` live from the program to check (or create) and never reach the state; those of
 * `kept` are in state files, so their names and meaning stay.
 */
export const sent = {
  /** The id of the `import` option. Check reads it; create adopts the object; neither stores it. */
  import: "__importId",
  /** Stack, project, types of the parents and name, known without waiting: what default names are made from. */
  urn: "__resourceUrn",
} as const;

export const kept = {
  provider: "__provider",
  /** Inputs: the keys that check filled in by default, joined by commas. They are no declaration. */
  defaults: "__defaults",
  /** Inputs: `true` for the organization's root credential, whose limits check has to know. */
  root: "__root",
  /** Inputs, of a login that a rotation opens and closes: `true` for the one that is created inactive. */
  reserve: "__reserve",
  /** Outputs: the keys that the program declares, joined by commas, since read is given outputs only. */
  managed: "__managed",
  /** Outputs, secret: the salted hash of the password that the program declared and we applied. */
  passwordHash: "__passwordHash",
  /** Outputs: what a failed create or rotation still owes; update brings it to its end. */
  unfinished: "__unfinished",
  /** Outputs: the previous login of a rotation that was promised a grace, also while it is closed. */
  promised: "__promised",
  /** Outputs: fingerprints of the keys that a create or an update of a set began to add before it failed. */
  begun: "__begun",
  /**
   * Outputs: salted hashes of declared values that the service keeps in a spelling of its own, by their keys. Secret
   * where a kind's arguments are.
   */
  spelling: "__spelling",
  /** Outputs: `true` for a login that was deleted elsewhere after it had expired, so that no update makes it again. */
  gone: "__gone",
  /** Outputs: `true` for a share link that somebody has disabled, so that it does not count as used up. */
  disabled: "__disabled",
  /** Outputs: the id of the object that this one replaces and that could not be removed: the next update removes it. */
  predecessor: "__predecessor",
  /** Outputs: which entry of a state this is, at random, since several entries can have one object. */
  entry: "__entry",
  /** Outputs: the base URL, where it is not the vendor's. */
  baseUrl: "__baseUrl",
} as const;

/** What the state holds under these names. */
export type KeptState = {
  readonly [K in (typeof kept)["managed" | "passwordHash" | "baseUrl" | "promised" | "predecessor"]]?:
    | string
    | undefined;
} & { readonly [K in (typeof kept)["unfinished" | "disabled" | "gone"]]?: true | undefined } & {
  readonly [K in (typeof kept)["begun"]]?: readonly string[] | undefined;
} & {
  readonly [K in (typeof kept)["spelling"]]?: Readonly<Record<string, string>> | undefined;
};

/** What travels beside the arguments, typed. CONTRIBUTING.md has the table of who writes and who reads each. */
export interface HiddenInputs {
  /** The id of the `import` option. */
  readonly importId?: string | undefined;
  readonly urn?: string | undefined;
  /** The keys that check has filled in by default. */
  readonly defaults?: readonly string[] | undefined;
  readonly isRoot?: true | undefined;
  /** Of one of the two logins of a rotation: whether it is the one that is created inactive. */
  readonly isReserve?: boolean | undefined;
}

/** The hidden inputs among a resource's inputs. */
export function hiddenOf(inputs: object): HiddenInputs {
  const values = inputs as Readonly<Record<string, unknown>>;
  const text = (key: string) => (typeof values[key] === "string" ? values[key] : undefined);
  const keys = (key: string) => (typeof values[key] === "string" ? splitKeys(values[key]) : undefined);
  const isReserve = values[kept.reserve];
  return {
    importId: text(sent.import) || undefined,
    urn: text(sent.urn) || undefined,
    defaults: keys(kept.defaults),
    isRoot: values[kept.root] === true || undefined,
    isReserve: typeof isReserve === "boolean" ? isReserve : undefined,
  };
}

/** Hidden inputs under the names that travel, to be put beside the arguments. */
export function hiddenInputs({ importId, urn, defaults, isRoot, isReserve }: HiddenInputs): object {
  return {
    ...(importId !== undefined && { [sent.import]: importId }),
    ...(urn !== undefined && { [sent.urn]: urn }),
    ...(defaults && { [kept.defaults]: joinKeys(defaults) }),
    ...(isRoot && { [kept.root]: true }),
    ...(isReserve !== undefined && { [kept.reserve]: isReserve }),
  };
}

/** Lists of keys are kept as text: a list would be more bytes in every state. */
export function joinKeys(keys: readonly string[]): string {
  return keys.join(",");
}

export function splitKeys(text: unknown): string[] {
  return typeof text === "string" && text !== "" ? text.split(",") : [];
}

export function isHidden(key: string): boolean {
  return key.startsWith("__");
}

/** The resource's name in the program: what follows stack, project and type. */
export function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A resource's name in the program, in quotes; empty where its inputs carry none. */
export function nameOf(inputs: object): string {
  const { urn } = hiddenOf(inputs);
  return urn === undefined ? "" : JSON.stringify(nameInUrn(urn));
}
