/** A policy pack knows each kind by its class, and its properties by their types. */
import * as policy from "@pulumi/policy";
import * as sftptogo from "pulumi-sftptogo";

new policy.PolicyPack("partners", {
  policies: [
    {
      name: "credential",
      description: "No partner may do everything.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.Credential, (credential, _, report) => {
        if (credential.permission === "full") report(`full access: ${credential.homeDirectory}`);
      }),
    },
    {
      name: "ssh-public-key",
      description: "No RSA keys.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.SshPublicKey, (key, _, report) => {
        if (key.sshPublicKeyBody.startsWith("ssh-rsa")) report("an RSA key");
      }),
    },
    {
      name: "ssh-public-key-set",
      description: "No RSA keys in sets.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.SshPublicKeySet, (set, _, report) => {
        if (set.sshPublicKeyBodies.some((body) => body.startsWith("ssh-rsa"))) report("an RSA key in a set");
      }),
    },
    {
      name: "webhook",
      description: "Webhooks are authorized.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.Webhook, (webhook, _, report) => {
        if (!webhook.authorizationHeader) report(`no header for ${webhook.topics.join()}`);
      }),
    },
    {
      name: "share-link",
      description: "Share links end.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.ShareLink, (link, _, report) => {
        if (!link.expiresAt) report(`no end for ${link.path}`);
      }),
    },
    {
      name: "password-rotation",
      description: "Passwords are changed each quarter.",
      enforcementLevel: "mandatory",
      validateResource: policy.validateResourceOfType(sftptogo.PasswordRotation, (rotation, _, report) => {
        if ((rotation.rotateAfterDays ?? Number.POSITIVE_INFINITY) > 90) report("older than a quarter");
      }),
    },
    {
      name: "any-kind",
      description: "Asks by the class, in a policy for all types.",
      enforcementLevel: "mandatory",
      validateResource: (args, report) => {
        const credential = args.asType(sftptogo.Credential);
        if (credential?.permission === "full") report("full access, by asType");
        if (args.isType(sftptogo.ShareLink)) report("a share link, by isType");
      },
    },
  ],
});
