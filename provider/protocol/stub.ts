import type { Kind } from "./kinds";

/**
 * The constant text that stands in every resource's state as `__provider`. The engine's dynamic-provider
 * process evaluates it, in the program's folder, and calls `handler()`.
 *
 * Pulumi's own dynamic resources put their serialised code there, where it grows the state and goes stale:
 * destroy would run the code of the last `up`. This text only finds the package, so that every operation runs
 * the installed version. It may never change again: it is in every state file.
 *
 * Line by line:
 * - The package is looked up from the program's folder. That is all that happens where the program depends on it.
 * - Otherwise it is looked up from each dependency in the package.json of that folder. A component package that
 *   depends on this one finds it in every layout, whatever the program itself can see.
 * - A dependency that cannot be required (one with types only) is passed over.
 * - If the package is nowhere, the error says what to install. The SDK prints an error's stack, so it is blank.
 */
export function stub(kind: Kind): string {
  return [
    `let r=require,q=r.resolve,n="pulumi-sftptogo",p=n+"/provider",f,d;`,
    `try{f=q(p)}`,
    `catch(e){for(d in r("./package").dependencies)try{f=q(p,{paths:[q(d)]})}catch{}`,
    `if(!f)throw e.message="Install "+n,e.stack="",e}`,
    `this.handler=_=>r(f).get("${kind}")`,
  ].join("");
}
