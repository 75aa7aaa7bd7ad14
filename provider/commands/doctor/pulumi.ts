/** Pulumi's command, asked from a folder. What it prints on failure is not passed on: it may hold a backend's password. */
import { execFile } from "node:child_process";
import type { RawConfig } from "../../config/settingNames";
import { jsonOrUndefined } from "../../values/plain";

/** How long an answer may take, in milliseconds: some backends are far away. */
const patienceMilliseconds = 30_000;

/** What a command printed; or why there is nothing, in words of ours. */
export type Answer = { readonly printed: string } | Failure;

export interface Failure {
  readonly failure: string;
  readonly remediation: string;
  /** Whether it is known that `up` fails for the same reason. */
  readonly stopsUp?: boolean;
}

export const noProject: Failure = {
  failure: "there is no Pulumi.yaml in this folder or above it",
  remediation: "run this in the program's folder",
};

const failures: readonly (readonly [sign: RegExp, failure: string, remediation: string, stopsUp?: true])[] = [
  [/no Pulumi\.ya?ml project file/i, noProject.failure, noProject.remediation],
  [/no stack selected/i, "no stack is selected", "run `pulumi stack select <stack>`"],
  [
    /incorrect passphrase/i,
    "the passphrase that is set is not this stack's",
    "give the stack's own in PULUMI_CONFIG_PASSPHRASE, or its file in PULUMI_CONFIG_PASSPHRASE_FILE",
    true,
  ],
  [
    /passphrase/i,
    "the stack's secrets need their passphrase",
    "give it in PULUMI_CONFIG_PASSPHRASE, or its file in PULUMI_CONFIG_PASSPHRASE_FILE",
    true,
  ],
  [/PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i, "nobody is logged in to Pulumi", "run `pulumi login`"],
];

export function ask(folder: string, command: string, ...args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    // One that waits for a backend does not end for a SIGTERM.
    const options = { cwd: folder, env, timeout: patienceMilliseconds, killSignal: "SIGKILL" } as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ printed: stdout.replace(/\r?\n$/, "") });
      if (error.code === "ENOENT") {
        return resolve({
          failure: `there is no \`${command}\` on the PATH`,
          remediation:
            command === "pulumi" ? "install it: https://www.pulumi.com/docs/install/" : `install ${command}`,
        });
      }
      const line = [command, ...args].join(" ");
      const ended = error.killed ? `did not answer within ${patienceMilliseconds / 1_000} s` : "failed";
      const [
        ,
        failure = `\`${line}\` ${ended}`,
        remediation = `run \`${line}\` to see why`,
        stopsUp = false,
      ] = failures.find(([sign]) => sign.test(stderr)) ?? [];
      resolve({ failure, remediation, stopsUp });
    });
    child.stdin?.end();
  });
}

/** The configuration of the selected stack, as a provider is given it. */
export interface StackConfiguration {
  readonly stack: string;
  readonly config: RawConfig;
  /** The keys that are stored as secrets. */
  readonly secret: ReadonlySet<string>;
  /** Further keys of the stack's, of any namespace. */
  readonly others: readonly string[];
  /** Why the secrets do not open; `config` then lacks their values. */
  readonly locked?: Failure;
}

/** The values of these keys; secret ones are decrypted, which also tells whether they open, as they have to for `up`. */
export async function readConfiguration(
  folder: string,
  wanted: readonly string[],
): Promise<StackConfiguration | Failure> {
  const [name, all] = await Promise.all([
    ask(folder, "pulumi", "stack", "--show-name", "--non-interactive"),
    ask(folder, "pulumi", "config", "--json", "--non-interactive"),
  ]);
  if ("failure" in name) return name;
  if ("failure" in all) return all;
  const config: Record<string, string> = {};
  const secret = new Set<string>();
  const others: string[] = [];
  let locked: Failure | undefined;
  // What is not JSON is not quoted: it may be secret.
  const entries = jsonOrUndefined(all.printed) as Entries | undefined;
  if (entries === undefined || !/^[\w./-]+$/.test(name.printed)) {
    return {
      failure: "`pulumi` does not answer as Pulumi's command does",
      remediation: "see which one the PATH finds",
    };
  }
  for (const [key, entry] of Object.entries(entries)) {
    if (!wanted.includes(key)) {
      others.push(key);
      continue;
    }
    if (typeof entry.value === "string") config[key] = entry.value;
    if (!entry.secret) continue;
    secret.add(key);
    if (locked !== undefined) continue;
    const value = await ask(folder, "pulumi", "config", "get", key, "--non-interactive");
    if ("failure" in value) locked = value;
    else config[key] = value.printed;
  }
  return { stack: name.printed, config, secret, others, ...(locked && { locked }) };
}

type Entries = Readonly<Record<string, { readonly value?: unknown; readonly secret?: boolean }>>;
