/**
 * What a preview says of bad input. The engine ends at the first resource with a problem and then prints all
 * of that resource's, so each has a preview of its own.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRealStage, type RealStage } from "../harness/stage/real.js";

let stage: RealStage;
beforeAll(async () => {
  stage = await openRealStage("");
});
afterAll(() => stage[Symbol.asyncDispose]());

const ed25519 =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfT8S0pLMNwnMcV7MSgOwDEqGbCGCEfz2jTs1JPpPfv transfer@acme.example";
const blob = ed25519.split(" ")[1] ?? "";

/** Resources of a program in plain words of JavaScript, and what their preview has to say. */
interface BadInput {
  readonly kind: "Credential" | "SshPublicKey" | "Webhook" | "ShareLink" | "PasswordRotation";
  readonly args: Readonly<Record<string, unknown>>;
  readonly says: readonly string[];
}

const badInputs: Readonly<Record<string, BadInput>> = {
  "a login with everything wrong": {
    kind: "Credential",
    args: {
      permision: "full",
      userName: "acme",
      permission: "readwrite",
      state: "actve",
      password: "",
      expiration: 1_900_000_000,
      inboundRules: [
        { source: "acme.example" },
        { source: "203.0.113.7/24", protocol: "sftp" },
        { source: "203.0.113.9", descripton: "office" },
        { source: "203.0.113.9/32" },
      ],
    },
    says: [
      'there is no argument "permision": did you mean "permission"?',
      "userName has 4 characters: give 10 to 100",
      'permission is not a known value; did you mean "read-write"?',
      'state is not a known value; did you mean "active"?',
      "password must not be empty: leave it out instead",
      "expiration looks like seconds: give Unix milliseconds",
      "inboundRules[0].source is neither an IP address nor a range in CIDR notation",
      "inboundRules[1].source has bits set after its prefix: give the network's own address",
      'inboundRules[1].protocol is not a known value; did you mean "SFTP"?',
      'inboundRules[2].descripton does not exist: did you mean "description"?',
      "inboundRules[3] is the same as [2]: leave one of them out",
    ],
  },
  "a login of other characters, with a time in the past": {
    kind: "Credential",
    args: { userName: "acme incoming", expiration: "2020-01-01T00:00:00Z" },
    says: [
      "userName may have letters, digits, underscores, hyphens and periods only",
      "expiration is in the past: it must be in the future",
    ],
  },
  "a private key": {
    kind: "SshPublicKey",
    args: {
      credentialId: "4ddb2ea2",
      sshPublicKeyBody: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH",
    },
    says: [
      "sshPublicKeyBody is a private key: give the public one (the file that ends in .pub), and replace this key",
    ],
  },
  "a key in SSH2 format": {
    kind: "SshPublicKey",
    args: { credentialId: "4ddb2ea2", sshPublicKeyBody: `---- BEGIN SSH2 PUBLIC KEY ----\n${blob}` },
    says: ["sshPublicKeyBody is in SSH2 format (RFC 4716): convert it with `ssh-keygen -i -f <file>`"],
  },
  "a truncated key": {
    kind: "SshPublicKey",
    args: { credentialId: "4ddb2ea2", sshPublicKeyBody: `ssh-ed25519 ${blob.slice(0, 40)}` },
    says: ["sshPublicKeyBody is cut short or damaged: give one line in OpenSSH's format"],
  },
  "a mislabelled key": {
    kind: "SshPublicKey",
    args: { credentialId: "4ddb2ea2", sshPublicKeyBody: `ssh-rsa ${blob}` },
    says: ["sshPublicKeyBody says ssh-rsa, but it is ssh-ed25519 inside: copy the whole line again"],
  },
  "several lines of keys": {
    kind: "SshPublicKey",
    args: { credentialId: "..", sshPublicKeyBody: `${ed25519}\n${ed25519}` },
    says: [
      "credentialId is not a credential's id: pass the `id` of a Credential",
      "sshPublicKeyBody has several lines: give one line",
    ],
  },
  "a webhook over plain http without topics": {
    kind: "Webhook",
    args: { url: "http://hooks.example.com/sftp", topics: [], type: "emial", stat: "paused" },
    says: [
      'url must be an https address, e.g. "https://hooks.example.com/sftp"',
      'topics must have at least one of "file.created"',
      'type is not a known value; did you mean "email"?',
      'there is no argument "stat": did you mean "state"?',
    ],
  },
  "a webhook to no mailbox with a topic twice and one misspelt": {
    kind: "Webhook",
    args: { url: "operators", type: "email", topics: ["file.created", "file.created", "file.delete"] },
    says: [
      "url must be an e-mail address for a webhook of type email",
      "topics[1] is the same as [0]: leave one of them out",
      'topics[2] is not a known value; did you mean "file.deleted"?',
    ],
  },
  "a share link with everything wrong": {
    kind: "ShareLink",
    args: {
      path: "reports/",
      permission: "read only",
      accessLimit: 1.5,
      password: "",
      expiresAt: "tomorrow",
      onConsumed: "renew",
    },
    says: [
      'path must begin with a slash, e.g. "/reports/"',
      'permission is not a known value; did you mean "read-only"?',
      "accessLimit must be a whole number of accesses, 0 (no limit) or more",
      "password must not be empty: leave it out instead",
      'expiresAt is not a time: give an ISO 8601 string with a zone, e.g. "2027-01-31T00:00:00Z"',
      'onConsumed must be "keep" or "recreate"',
    ],
  },
  "a negative limit, and what is required left out": {
    kind: "ShareLink",
    args: { accessLimit: -1 },
    says: [
      "path is required",
      "permission is required",
      "accessLimit must be a whole number of accesses, 0 (no limit) or more",
    ],
  },
  "a rotation to an empty password": {
    kind: "PasswordRotation",
    args: { credentialId: "4ddb2ea2", password: "", rotateAfterDay: 30 },
    says: [
      "password must not be empty",
      'there is no argument "rotateAfterDay": did you mean "rotateAfterDays"?',
    ],
  },
};

/** Values of these programs that no message has a reason to hold. */
const declared = [
  "readwrite",
  "actve",
  "203.0.113",
  "acme incoming",
  blob.slice(0, 30),
  "emial",
  "operators",
];

describe("a preview refuses", () => {
  it.each(Object.entries(badInputs))("%s", async (_, { kind, args, says }) => {
    await stage.write(`new (sftptogo.${kind} as any)("bad", ${JSON.stringify(args)});`);
    const { all } = await stage.stack.preview([], { fails: true });
    for (const reason of says) expect(all).toContain(`resource 'bad' has a problem: ${reason}`);
    expect(all.match(/resource 'bad'(.|\n)*? has a problem/g)).toHaveLength(says.length);
    // No value of the program is printed: under whatever name, it may be a secret.
    for (const value of declared) expect(all).not.toContain(value);
    // A private key in a message would be in each job's log.
    expect(all).not.toContain("PRIVATE KEY");
    expect(all).not.toMatch(/\bat .*\.(js|ts):\d+/);
    expect(stage.writes()).toEqual([]);
  });
});

it("only warns, by the engine's own warnings, where the service may know more than its reference", async () => {
  await stage.write(`
    const topics: any[] = ["file.created", "folder.restructured"];
    new sftptogo.Credential("mail", { userName: "acme+incoming@example.com", permission: "exclusive" });
    new sftptogo.Webhook("hook", { url: "https://hooks.example.com/sftp", topics });
    new sftptogo.ShareLink("link", { path: "/report.pdf", permission: "read-write" });
  `);
  const { all } = await stage.stack.preview();
  for (const warning of [
    `credential "mail": userName has @ or +, which the API's reference does not list`,
    `credential "mail": permission is not in the API's reference, which has "none"`,
    `webhook "hook": topics[1] is not in the API's reference, which has "file.created"`,
    `share link "link": path is a file, and a link to a file can only be read-only`,
  ]) {
    expect(all).toContain(`warning: ${warning}`);
  }
  expect(all).toContain("+ 4 to create");
});
