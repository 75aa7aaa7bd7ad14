/**
 * Pulumi resources for SFTP To Go: credentials, SSH keys, webhooks, share links and password rotation.
 *
 * @module pulumi-sftptogo
 */

export {
  AccessError,
  type Aftermath,
  ConnectionError,
  type FailedCall,
  InputError,
  NotFoundError,
  PlanError,
  SftpToGoError,
  UnavailableError,
  UnexpectedAnswerError,
} from "./api/errors";
export { Provider, type ProviderArgs } from "./config/explicitProvider";
export { SettingsError } from "./config/settings";
export type { FunctionOptions, FunctionOutputOptions } from "./functions/options";
export {
  type GetCredentialArgs,
  type GetCredentialOutputArgs,
  type GetCredentialResult,
  type GetCredentialsResult,
  getCredential,
  getCredentialOutput,
  getCredentials,
  getCredentialsOutput,
} from "./resources/credential/functions";
export {
  Credential,
  type CredentialArgs,
  type CredentialPermission,
  type InboundRule,
  type InboundRuleAction,
  type InboundRuleArgs,
  type InboundRuleProtocol,
  type InboundRuleState,
} from "./resources/credential/resource";
export { CredentialRotation, type CredentialRotationArgs } from "./resources/credentialRotation/resource";
export { PasswordRotation, type PasswordRotationArgs } from "./resources/passwordRotation/resource";
export {
  type PreviousLogin,
  RotatingCredential,
  type RotatingCredentialArgs,
  type RotatingCredentialOptions,
  type RotatingLogin,
} from "./resources/rotatingCredential/resource";
export type { CredentialState } from "./resources/shared/credentialState";
export {
  type GetShareLinkArgs,
  type GetShareLinkOutputArgs,
  type GetShareLinkResult,
  type GetShareLinksResult,
  getShareLink,
  getShareLinkOutput,
  getShareLinks,
  getShareLinksOutput,
} from "./resources/shareLink/functions";
export {
  type OnConsumed,
  ShareLink,
  type ShareLinkArgs,
  type ShareLinkPermission,
  type ShareLinkState,
} from "./resources/shareLink/resource";
export {
  type GetSshPublicKeysArgs,
  type GetSshPublicKeysOutputArgs,
  type GetSshPublicKeysResult,
  getSshPublicKeys,
  getSshPublicKeysOutput,
  type SshPublicKeyResult,
} from "./resources/sshPublicKey/functions";
export { SshPublicKey, type SshPublicKeyArgs } from "./resources/sshPublicKey/resource";
export type { OutgoingSshPublicKey } from "./resources/sshPublicKeySet/outgoing";
export { SshPublicKeySet, type SshPublicKeySetArgs } from "./resources/sshPublicKeySet/resource";
export {
  type GetWebhookArgs,
  type GetWebhookOutputArgs,
  type GetWebhookResult,
  type GetWebhooksResult,
  getWebhook,
  getWebhookOutput,
  getWebhooks,
  getWebhooksOutput,
} from "./resources/webhook/functions";
export {
  Webhook,
  type WebhookArgs,
  type WebhookState,
  type WebhookTopic,
  type WebhookType,
} from "./resources/webhook/resource";
