/** Whether a credential can log in. Any other string is sent to the service with a warning. */
export type CredentialState = "active" | "inactive" | (string & {});
