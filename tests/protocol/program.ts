/** A user's program in a test: Pulumi's mocks stand in for the engine. */
import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockCallResult, MockResourceArgs } from "@pulumi/pulumi/runtime";

export interface MockOptions {
  /** Whether the program runs in a preview, where ids of what is new are not known. */
  readonly preview?: boolean;
  /** Outputs beside the inputs, as a service would add them. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  /** What answers functions. Default: nothing in any result. */
  readonly call?: (args: MockCallArgs) => MockCallResult;
}

/** Starts an engine of mocks for project `shop` and stack `dev`, and returns what gets registered in it. */
export async function mockEngine(options: MockOptions = {}): Promise<MockResourceArgs[]> {
  // What an earlier test began belongs to its own engine.
  await pulumi.runtime.disconnect();
  const registered: MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        registered.push(args);
        const id = args.id || options.id || `${args.name}-id`;
        return {
          id: options.preview && !args.id ? undefined : id,
          state: { ...options.outputs, ...args.inputs },
        };
      },
      call: options.call ?? (() => ({})),
    },
    "shop",
    "dev",
    options.preview ?? false,
  );
  return registered;
}

/** The value of an output; never, where it is unknown. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}
