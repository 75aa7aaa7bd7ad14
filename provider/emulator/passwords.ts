import { badRequest } from "./route";

/**
 * The organization's password policy, for chosen passwords. A real one is set in the dashboard and cannot be
 * read through the API. This one takes every password of the reference's examples (`my-secret-password`).
 */
const passwordPolicy = {
  minimumLength: 8,
  /** At least one letter and one character that is none. */
  pattern: /\p{L}.*[^\p{L}]|[^\p{L}].*\p{L}/su,
} as const;

/** Refuses a password that the policy does not allow, an empty one included. */
export function checkPassword(password: string): void {
  if (password.length >= passwordPolicy.minimumLength && passwordPolicy.pattern.test(password)) return;
  throw badRequest("Password does not conform to the organization's password policy");
}
