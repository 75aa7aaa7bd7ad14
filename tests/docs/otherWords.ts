/**
 * Messages of the engine, of Pulumi's SDK and of Node.js that users of this package meet, as a real run has printed them,
 * with `…` for what differs. The guide on troubleshooting has an entry for each.
 */
export const otherWords = {
  /** An exported program's stack, by `pulumi destroy`; and `pulumi preview` of a program that lacks the resource. */
  isProtected: [
    'resource "…" cannot be deleted',
    "because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:",
  ],
  /** `pulumi preview` of an exported program before its secrets are set. */
  secretIsMissing: ["Missing required configuration variable '…'"],
  /** `pulumi import` of a single resource: the first with the SDK 3.270, the second with 3.150. */
  import: [
    "code must be a string, not undefined",
    "Cannot read properties of undefined (reading 'toJavaScript')",
  ],
  /** `pulumi destroy` and `pulumi refresh` without any node_modules. */
  destroyWithoutModules: [
    "Error: Cannot find module '@pulumi/pulumi/cmd/dynamic-provider'",
    "error: could not load provider for resource …",
  ],
  /** `pulumi preview` without any node_modules. */
  previewWithoutModules: [
    "It looks like the Pulumi SDK has not been installed. Have you run npm install or yarn install?",
    "error reading from server: EOF",
  ],
  /** `pulumi preview` where just this package is not installed: of a TypeScript program, and of a JavaScript one. */
  previewWithoutPackage: [
    "error TS2307: Cannot find module 'pulumi-sftptogo' or its corresponding type declarations.",
    "Cannot find module 'pulumi-sftptogo'",
  ],
  /** Whatever a check refuses, by `pulumi preview`. */
  check: ["… resource '…' has a problem: …"],
  /** `pulumi preview --expect-no-changes` of a program that was changed, and of a stack whose service was. */
  changes: ["error: no changes were expected for preview but changes were proposed"],
  /** The service's, by the emulator, which has the reference's: another key, and another organization. */
  service: ['The API says: "Unauthorized".', 'The API says: "Organization not found".'],
  /** An error hook and a policy pack with the language host that builds from Go modules: of 2023, sdk 3.68. */
  languageHost: ["unknown method RegisterResourceHook", "could not read plugin …"],
  /** `pulumi stack init dev`, twice. */
  stack: ["error: stack '…' already exists"],
  /** Pulumi's cloud; and the engine's source: pkg/backend/diy/lock.go and pkg/secrets/passphrase/manager.go. */
  locks: [
    "[409] Conflict: Another update is currently in progress",
    "the stack is currently locked by …",
    "incorrect passphrase",
  ],
} as const;
