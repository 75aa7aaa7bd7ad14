/** A team's partners, from partners.yaml. README.md says how to work with it. */
import { Partner } from "./partner";
import { readPartners } from "./partners";

const partners = Object.entries(readPartners(__dirname));

/** The user name of each partner. */
export const userNames = Object.fromEntries(
  partners.map(([name, entry]) => [name, new Partner(name, entry).userName]),
);
