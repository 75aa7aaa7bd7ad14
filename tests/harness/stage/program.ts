/** A Pulumi program as data: run as it is by the small engine, written out as TypeScript for the real one. */
import type { Kind } from "../../../provider/protocol/kinds.js";
import type { Plain } from "../../../provider/values/plain.js";

/** The id of an earlier resource of the same program, as an argument. */
export class IdOf {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export function idOf(name: string): IdOf {
  return new IdOf(name);
}

/** A resource as a program declares it. */
export interface Declared {
  readonly name: string;
  readonly kind: Kind;
  /** Values that JSON can hold, and ids of earlier resources, alone or in a list. */
  readonly args: Plain;
  /** The resource option: takes over the object with this id. */
  readonly import?: string | undefined;
  /** Reads the object with this id and does not manage it, as a class's `.get` does; `args` are not used. */
  readonly get?: string | undefined;
}

/** In the order in which the resources depend on each other. */
export type Program = readonly Declared[];

/** Whether it changes the password of a credential, whose own output is the one from before until a refresh. */
export function isRotation({ kind }: Pick<Declared, "kind">): boolean {
  return kind === "PasswordRotation" || kind === "CredentialRotation";
}

/** The names of the resources that this one needs. */
export function dependenciesOf({ args }: Declared): string[] {
  return Object.values(args)
    .flat()
    .flatMap((value) => (value instanceof IdOf ? [value.name] : []));
}

/** The arguments with each reference replaced by the id that `lookUp` gives. */
export function resolveArgs({ args }: Declared, lookUp: (name: string) => string): Plain {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(resolve) : resolve(value),
    ]),
  );

  function resolve(value: unknown): unknown {
    return value instanceof IdOf ? lookUp(value.name) : value;
  }
}

/** The program as TypeScript, below its imports. */
export function toSource(program: Program): string {
  const names = program.map(({ name }) => name);
  const variable = (name: string) => `resource${names.indexOf(name)}`;
  const textOf = (value: unknown) =>
    value instanceof IdOf ? `${variable(value.name)}.id` : JSON.stringify(value);
  const statements = program.map((declared) => {
    const { name, kind, args } = declared;
    const target = `const ${variable(name)} = `;
    if (declared.get !== undefined) {
      return `${target}sftptogo.${kind}.get(${JSON.stringify(name)}, ${JSON.stringify(declared.get)});`;
    }
    const fields = Object.entries(args).map(([key, value]) => {
      return `  ${key}: ${Array.isArray(value) ? `[${value.map(textOf).join(", ")}]` : textOf(value)},`;
    });
    const options = declared.import === undefined ? "" : `, { import: ${JSON.stringify(declared.import)} }`;
    return [`${target}new sftptogo.${kind}(${JSON.stringify(name)}, {`, ...fields, `}${options});`].join(
      "\n",
    );
  });
  return statements.join("\n");
}
