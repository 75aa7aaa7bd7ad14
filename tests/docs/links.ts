/** Where the links of the pages go in the site. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pages, root } from "./pages.ts";

const { homepage }: { homepage: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const repository = homepage.replace("#readme", "/blob/main/");

/** Another address for a page's link to a file, or `undefined` if the site has it: a page, or a picture. */
export function siteLink(from: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const path = posix.join(posix.dirname(from), file);
  // The site's first page.
  if (path === "README.md") return `${from === path ? "" : "../"}index.html`;
  if (path.endsWith(".svg") || pages.some((page) => page.path === path)) return undefined;
  return `${repository}${path}${anchor === undefined ? "" : `#${anchor}`}`;
}
