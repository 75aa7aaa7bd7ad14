/**
 * Does anything else of this program have it? Whatever is about to be deleted, or taken out of a set, asks here. What
 * the resources of an update keep, make and adopt is noted by the provider processes; what the program declares is
 * noted by the program, whether the engine asks for its changes or leaves it out (`--target`, `--exclude`).
 */
import type { Note, UpdateLog } from "../../protocol/update";

/** What is about to go. */
export interface Subject {
  /** The ids that it is known by. */
  readonly ids: readonly string[];
  /** What it is told by in the arguments of whoever declares it. */
  readonly marks: readonly string[];
  /** The entry of the state that it is deleted for: that one is no other holder. */
  readonly entry?: string | undefined;
}

export class Holders {
  readonly #log: UpdateLog;
  readonly #kept = new Map<string, ReadonlySet<string>>();
  readonly #checked = new Set<string>();
  readonly #declared = new Map<string, Declared>();
  #heard = 0;

  constructor(log: UpdateLog) {
    this.#log = log;
  }

  /** A resource of this update keeps the object, or has made or adopted it, under this entry of the state. */
  keep(id: string, entry = ""): void {
    this.#log.write(["kept", this.#log.hash(id), entry]);
  }
  /**
   * Whether another entry of the state keeps it. Diff has seen some that are deleted all the same: with what they depend
   * on, or by force.
   */
  isKept(id: string, entry = ""): boolean {
    this.#listen();
    return [...(this.#kept.get(this.#log.hash(id)) ?? [])].some((other) => other === "" || other !== entry);
  }

  /** For an entry of the state that a create is about to make. */
  newEntry(): string | undefined {
    return this.#log.newEntry();
  }

  noteChecked(urn: string): void {
    const hash = this.#log.hash(urn);
    if (!this.#checked.has(hash)) this.#log.write(["checked", hash]);
  }

  /** Whether a resource that the engine leaves out in this update has the object, or declares one like it. */
  isLeftOut({ ids, marks, entry = "" }: Subject): boolean {
    this.#listen();
    return [...this.#declared].some(([urn, declared]) => {
      if (this.#checked.has(urn)) return false;
      // What is registered is told by its entry of the state, so that no resource is in the way of its own delete.
      if (declared.ids === undefined) return this.#has(declared.marks, [...ids, ...marks]);
      return declared.entry !== entry && this.#has(declared.ids, ids);
    });
  }

  /** Whether any resource of the program declares this. */
  isDeclared({ ids, marks }: Subject): boolean {
    this.#listen();
    return [...this.#declared.values()].some(
      (declared) => this.#has(declared.marks, marks) || this.#has(declared.ids, ids),
    );
  }

  /** Whether the program has a resource of these kinds whose arguments are not known yet. */
  isPending(kinds: readonly string[]): boolean {
    this.#listen();
    return [...this.#declared.values()].some(
      ({ kind, marks, ids }) => marks === undefined && ids === undefined && kinds.includes(kind),
    );
  }

  /** The folders without which it cannot be told what the other processes of the update have. */
  get unwritable(): string | undefined {
    return this.#log.unwritable;
  }

  #has(hashes: readonly string[] | undefined, texts: readonly string[]): boolean {
    return hashes !== undefined && texts.some((text) => hashes.includes(this.#log.hash(text)));
  }

  #listen(): void {
    const notes = this.#log.read();
    for (const note of notes.slice(this.#heard)) this.#take(note);
    this.#heard = notes.length;
  }

  #take(note: Note): void {
    if (note[0] === "kept") {
      const [, id, entry = ""] = note;
      this.#kept.set(id, new Set([...(this.#kept.get(id) ?? []), entry]));
    } else if (note[0] === "checked") this.#checked.add(note[1]);
    else if (note[0] === "declared") this.#declared.set(note[1], { kind: note[2] });
    else if (note[0] === "marked") {
      const [, urn, ...marks] = note;
      this.#declared.set(urn, { kind: "", ...this.#declared.get(urn), marks });
    } else if (note[0] === "has") {
      const [, urn, entry, ...ids] = note;
      this.#declared.set(urn, { kind: "", ...this.#declared.get(urn), entry, ids });
    }
  }
}

interface Declared {
  readonly kind: string;
  /** Left out until the arguments are known. */
  readonly marks?: readonly string[];
  /** Left out until it is registered. */
  readonly ids?: readonly string[];
  readonly entry?: string;
}
