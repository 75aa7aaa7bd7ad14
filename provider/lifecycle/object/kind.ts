/** What a resource's `provider.ts` says of its objects; their life follows from it. */
import type { Client } from "../../api/client";
import type { Marks } from "../../protocol/announcing";
import type { CheckFailure } from "../../protocol/failures";
import type { KeptState } from "../../protocol/hidden";
import type { Created, Identity } from "../doubt/ownership";
import type {
  ArgumentKey,
  BodyOf,
  Fields,
  Inputs,
  Listed,
  State,
  UnresolvedInputs,
} from "../fields/vocabulary";
import type { Share } from "../process/memory";
import type { Session } from "../process/session";

/** A kind of object. `T` is its wire type. */
export interface ObjectKind<F extends Fields, T extends Listed> extends Essentials<F, T>, Specials<F, T> {}

/** What every kind says. */
interface Essentials<F extends Fields, T extends Listed> {
  /** As messages say it: `webhook`. */
  readonly noun: string;
  readonly fields: F;
  /** What its objects are told by in a program, by whoever is about to delete one. */
  readonly marks: Marks;
  /** What tells objects of these inputs from others. */
  identityOf(inputs: Inputs<F>): Identity<T>;
  /**
   * The object by the resource's id; `undefined` where it is gone. `state` is empty before it is ours; `client` is
   * the one whose lists are shared, or the one that always asks.
   */
  find(id: string, state: State<F>, client?: Client): Promise<T | undefined>;
  create(inputs: Inputs<F>, body: BodyOf<F>): Promise<T>;
  /** Left out where the API cannot change such an object: every change replaces it then. */
  update?(id: string, body: BodyOf<F>): Promise<Patched<T>>;
  remove(id: string): Promise<void>;
}

/** What only some kinds say, each where it applies. */
interface Specials<F extends Fields, T extends Listed> {
  /** Whether `find` asks by id too: what it does not find is gone then, whatever the answer to a write said. */
  readonly isReadById?: boolean;
  /** For an object that one call does not complete. */
  readonly finishing?: Finishing<F, T>;
  /** Keys whose difference is none: what the service does by itself when their time has come. */
  settledKeys?(declared: object, server: object): readonly ArgumentKey<F>[];
  /** Whether the answer to an update says that it was not done, where no read can show it. */
  isDenied?(id: string, body: BodyOf<F>, answer: Patched<T>): boolean;
  /** Adds to an object that was read what only the answer to its update shows. */
  merged?(found: T, answer: Patched<T>): T;
  /** What another kind can manage as well. */
  sharesOf?(inputs: object): readonly Share[];
  /** What else the arguments of a new object have to name. */
  missing?(inputs: object): Promise<readonly CheckFailure[]>;
  /** What to tell the user in a preview already. */
  advice?(inputs: UnresolvedInputs<F>, state: State<F>): readonly string[];
  /** Notes for other kinds what the program declares of an object, once its id is known. */
  remember?(id: string, inputs: UnresolvedInputs<F>): void;
  /** Whether a replacement makes the new object before the old one goes, since somebody logs in with it. */
  readonly successorFirst?: true;
  /** What a replacement does that cannot be undone, to follow `a replacement`. */
  readonly onReplacement?: string;
  /** What the state keeps besides the fields. */
  keptOf?(object: T, state: State<F>): KeptState;
  /** For an object that the service creates by itself and never deletes. */
  readonly root?: Root<F>;
  /** For an object that the service removes by itself. */
  readonly usedUp?: UsedUp<F>;
}

/** The answer to an update: no field is certain. */
export type Patched<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** How an object is completed that its create leaves unfinished on purpose. */
export interface Finishing<F extends Fields, T> {
  /** The body of the create, where it is not simply all that is given. */
  createBody?(inputs: Inputs<F>, body: BodyOf<F>): BodyOf<F>;
  /** Whether an object that was just made is not finished. */
  isDue(made: Created<T>, inputs: Inputs<F>): boolean;
  /** What is missing in it, to follow `was created, but`. */
  missing(object: T): string;
  /** What the state knows of an object that is not finished. */
  knownOf?(state: State<F>): State<F>;
  /** What completes it besides what differs: further keys to send, and their values. */
  again?(
    inputs: Inputs<F>,
    state: State<F>,
  ): { readonly inputs: Inputs<F>; readonly keys: readonly string[] };
  /** What to tell the user where no answer of the service will ever show what is missing. */
  lost?(object: T, state: State<F>): string | undefined;
  /** Whether an object to import was left unfinished by a create that was killed. */
  isUnfinished?(object: T, inputs?: UnresolvedInputs<F> | Inputs<F>): boolean;
  /** What an import compares of such an object. */
  compared?(state: State<F>): State<F>;
}

/** The one object that the service creates and protects. */
export interface Root<F extends Fields> {
  /** `undefined`: the state does not tell. */
  is(state: State<F>): boolean | undefined;
  /** What the API does not let anybody change. */
  readonly fixed: readonly ArgumentKey<F>[];
}

/** An object that the service removes when it has served its purpose. */
export interface UsedUp<F extends Fields> {
  /** What the state keeps of a resource whose object is gone; `undefined`: nothing. */
  kept(state: State<F>): State<F> | undefined;
  /** Whether the object is known to have been removed. */
  isRemoved(state: State<F>): boolean;
  /** The refusal to update one. */
  refusal(id: string): Error;
  /** The arguments because of which the object is to be made again. */
  replaces(state: State<F>, inputs: UnresolvedInputs<F>): readonly ArgumentKey<F>[];
}

/** A kind of object, and what the handlers of its process share. */
export interface Life<F extends Fields, T extends Listed> {
  readonly session: Session;
  readonly kind: ObjectKind<F, T>;
}
