/** What a provider process remembers of objects while it lives: one `up`, preview, refresh or destroy. */
import type { SftpToGoError } from "../../api/errors";
import { type UpdateLog, updateLog } from "../../protocol/update";
import { Holders } from "./holders";

/** By id, unless said otherwise. Ids are unique across kinds, so one memory serves all. */
export class Memory {
  readonly #created = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #managed = new Set<string>();
  readonly #replaced = new Set<string>();
  readonly #successors = new Map<string, object>();
  readonly #replacing = new Set<string>();
  readonly #imported = new Map<string, object>();
  readonly #programNames = new Map<string, string>();
  readonly #conditions = new Map<string, string>();
  readonly #identities = new Set<string>();
  readonly #stateDeclared = new Set<string>();
  readonly #inStack = new Set<string>();
  readonly #claims = new Map<string, string>();
  readonly #shares = new Map<string, Map<string, boolean>>();
  readonly #doubts = new Map<string, Doubt>();
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #predecessors = new Map<string, string>();
  /** What the resources of the whole update have, in whatever process. */
  readonly holders: Holders;

  constructor(log: UpdateLog = updateLog(undefined, true)) {
    this.holders = new Holders(log);
  }

  /** This process made it: another create never takes it for its own. */
  rememberCreated(id: string): void {
    this.#created.add(id);
  }
  wasCreated(id: string): boolean {
    return this.#created.has(id);
  }

  /** Diff has said that another object comes in its place. */
  rememberReplaced(id: string): void {
    this.#replaced.add(id);
  }
  isReplaced(id: string): boolean {
    return this.#replaced.has(id);
  }

  /** The inputs and the identity of what is to replace an object, and is to be made before that goes. */
  rememberSuccessor(id: string, identity: string, inputs: object): void {
    this.#successors.set(id, inputs);
    this.#replacing.add(identity);
  }
  successorOf(id: string): object | undefined {
    return this.#successors.get(id);
  }
  isReplacing(identity: string): boolean {
    return this.#replacing.has(identity);
  }

  rememberDeleted(id: string): void {
    this.#deleted.add(id);
  }
  wasDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  /** A resource of the stack has it: diff has seen it. */
  rememberManaged(id: string): void {
    this.#managed.add(id);
  }
  isManaged(id: string): boolean {
    return this.#managed.has(id);
  }

  /** The inputs of an object to import, with the names that it has where the program gives none. */
  rememberImported(id: string, inputs: object): void {
    this.#imported.set(id, inputs);
  }
  importedInputs(id: string): object | undefined {
    return this.#imported.get(id);
  }

  /** The name in the program of what manages a subject, such as a credential's keys: only check is told names. */
  rememberName(subject: string, name: string): void {
    this.#programNames.set(subject, name);
  }
  nameOf(subject: string): string | undefined {
    return this.#programNames.get(subject);
  }

  /** What a replacement depends on that is not known yet, by what it replaces, to begin a sentence: only diff can tell. */
  rememberCondition(subject: string, condition: string): void {
    this.#conditions.set(subject, condition);
  }
  conditionOf(subject: string): string {
    return this.#conditions.get(subject) ?? "";
  }

  /** What a resource in the state is identified by, e.g. a user name: no new one may claim it. */
  rememberIdentity(identity: string): void {
    this.#identities.add(identity);
  }
  isIdentityTaken(identity: string): boolean {
    return this.#identities.has(identity);
  }

  /** The stack has a resource of this URN. */
  rememberInStack(urn: string): void {
    this.#inStack.add(urn);
  }
  isInStack(urn: string): boolean {
    return this.#inStack.has(urn);
  }

  /**
   * A resource of the program, by its URN, declares an object of this identity. Returns the URN of another one that
   * has declared it before.
   */
  claim(identity: string, urn: string): string | undefined {
    const holder = this.#claims.get(identity);
    if (holder === undefined) this.#claims.set(identity, urn);
    return holder === urn ? undefined : holder;
  }

  /**
   * A resource of the program, by its URN, manages all of something, such as a credential's keys, or a part of it.
   * Returns the URN of another one that leaves no room for it.
   */
  claimShare({ of, isAll }: Share, urn: string): string | undefined {
    const holders = this.#shares.get(of) ?? new Map<string, boolean>();
    this.#shares.set(of, holders);
    const others = [...holders].filter(([holder, hasAll]) => holder !== urn && (hasAll || isAll));
    if (others.length === 0) holders.set(urn, isAll);
    return others[0]?.[0];
  }

  /** A resource of the program declares whether this login is open. */
  rememberStateDeclared(id: string): void {
    this.#stateDeclared.add(id);
  }
  isStateDeclared(id: string): boolean {
    return this.#stateDeclared.has(id);
  }

  /** A create of this identity was sent, and nobody knows whether it was done. */
  rememberDoubt(identity: string, doubt: Doubt): void {
    this.#doubts.set(identity, doubt);
  }
  doubtOf(identity: string): Doubt | undefined {
    return this.#doubts.get(identity);
  }
  settleDoubt(identity: string): void {
    this.#doubts.delete(identity);
  }

  /** A create of this identity made the object with this id, and what should have followed failed. */
  rememberUnfinished(identity: string, id: string, made?: object): void {
    this.#unfinished.set(identity, { id, made });
  }
  unfinishedOf(identity: string): Unfinished | undefined {
    return this.#unfinished.get(identity);
  }
  settleUnfinished(identity: string): void {
    this.#unfinished.delete(identity);
  }

  /** What replaces the object with this id is there, by its identity, and that one could not be removed. */
  rememberPredecessor(identity: string, id: string): void {
    this.#predecessors.set(identity, id);
  }
  predecessorOf(identity: string): string | undefined {
    return this.#predecessors.get(identity);
  }
}

/** What a create has made and not completed; `made`: as its answer has it, where no later write has changed it. */
export interface Unfinished {
  readonly id: string;
  readonly made: object | undefined;
}

/** What a resource manages of something that several kinds can manage. */
export interface Share {
  /** What it is, e.g. the keys of a credential. Unique across kinds. */
  readonly of: string;
  /** All of it, or one part among others. */
  readonly isAll: boolean;
  /** What to do where both are declared, to follow a colon. */
  readonly choice: string;
}

/**
 * What the memory knows the object of a resource by: its id, unless that is another kind's id too, as the credential's
 * is of its set of keys.
 */
export type ObjectId = (id: string) => string;

export const ownId: ObjectId = (id) => id;

/** How a create that was not answered failed, and when the service was last heard from before, by its own clock. */
export interface Doubt {
  readonly failure: SftpToGoError;
  readonly since: number | undefined;
}
