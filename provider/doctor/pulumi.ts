/** Pulumi's command, asked from a folder. What it prints on failure is not passed on: it may hold a backend's password. */
import { execFile } from "node:child_process";
import type { RawConfig } from "../config/settingNames";

/** How long an answer may take, in milliseconds: some backends are far away. */
const patienceMilliseconds = 30_000;

/** What a command printed; or why there is nothing, in words of ours. */
export type Answer =
  | { readonly printed: string }
  | { readonly failure: string; readonly remediation: string };

const failures: readonly (readonly [sign: RegExp, failure: string, remediation: string])[] = [
  [
    /no Pulumi\.ya?ml project file/i,
    "there is no Pulumi.yaml in this folder or above it",
    "run this in the program's folder",
  ],
  [/no stack selected/i, "no stack is selected", "run `pulumi stack select <stack>`"],
  [
    /passphrase/i,
    "the stack's secrets need their passphrase",
    "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [/PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i, "nobody is logged in to Pulumi", "run `pulumi login`"],
];

export function ask(folder: string, command: string, ...args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: patienceMilliseconds };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ printed: stdout.trim() });
      if (error.code === "ENOENT") {
        return resolve({
          failure: `there is no \`${command}\` on the PATH`,
          remediation:
            command === "pulumi" ? "install it: https://www.pulumi.com/docs/install/" : `install ${command}`,
        });
      }
      const line = [command, ...args].join(" ");
      const [, failure = `\`${line}\` failed`, remediation = `run \`${line}\` to see why`] =
        failures.find(([sign]) => sign.test(stderr)) ?? [];
      resolve({ failure, remediation });
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
}

/** The values of these keys; a secret one is decrypted, unless it is not needed. */
export async function readConfiguration(
  folder: string,
  wanted: readonly string[],
  isNeeded: (key: string) => boolean,
): Promise<StackConfiguration | { readonly failure: string; readonly remediation: string }> {
  const [name, all] = await Promise.all([
    ask(folder, "pulumi", "stack", "--show-name", "--non-interactive"),
    ask(folder, "pulumi", "config", "--json", "--non-interactive"),
  ]);
  if ("failure" in name) return name;
  if ("failure" in all) return all;
  const config: Record<string, string> = {};
  const secret = new Set<string>();
  const entries = parsed(all.printed);
  if (entries === undefined || !/^[\w./-]+$/.test(name.printed)) {
    return {
      failure: "`pulumi` does not answer as Pulumi's command does",
      remediation: "see which one the PATH finds",
    };
  }
  for (const [key, entry] of Object.entries(entries)) {
    if (!wanted.includes(key)) continue;
    if (typeof entry.value === "string") config[key] = entry.value;
    if (!entry.secret) continue;
    secret.add(key);
    if (!isNeeded(key)) continue;
    const value = await ask(folder, "pulumi", "config", "get", key, "--non-interactive");
    if ("failure" in value) return value;
    config[key] = value.printed;
  }
  return { stack: name.printed, config, secret };
}

type Entries = Readonly<Record<string, { readonly value?: unknown; readonly secret?: boolean }>>;

/** An error of the parser's would repeat a part of the text, which may be secret. */
function parsed(text: string): Entries | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
