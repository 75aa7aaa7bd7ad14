/**
 * Typedoc's plugin for `npm run docs`: the guides stand in the site as they do in the indexes, under their titles. What
 * they link to and is no page of the site, such as an example, is shown by the repository, where it can be read. And the
 * pages' Markdown lies beside the site, for the links of llms.txt.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  Application,
  type CommentDisplayPart,
  type Context,
  Converter,
  type DocumentReflection,
  RendererEvent,
} from "typedoc";
import { grouped } from "./contents.ts";
import { siteLink } from "./links.ts";
import { guides, pageOf, pages, root } from "./pages.ts";

/** Pages that are not guides, with the group that they stand in. */
const others = { Start: pageOf("docs/README.md"), Contributing: pageOf("CONTRIBUTING.md") };

export function load(app: Application): void {
  const groups = new Map(grouped(guides));
  for (const [group, page] of Object.entries(others)) groups.set(group, [page, ...(groups.get(group) ?? [])]);
  const places = [...groups].flatMap(([group, found]) => found.map((page) => ({ group, page })));

  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue(
      "projectDocuments",
      places.map(({ page }) => page.path),
    );
    app.options.setValue("groupOrder", [...groups.keys()]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document: DocumentReflection) => {
    const place = places.find(({ page }) => page.path.replace(/\.md$/, "") === document.name);
    if (place === undefined) return;
    document.name = place.page.title;
    document.frontmatter.group = place.group;
    document.content = document.content.map((part) => relinked(part, place.page.path));
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    if (project.readme) project.readme = project.readme.map((part) => relinked(part, "README.md"));
  });
  app.renderer.on(RendererEvent.END, ({ outputDirectory }: RendererEvent) => {
    const texts = [...new Set(pages.map(({ path }) => path)), "CHANGELOG.md", "llms.txt"];
    for (const path of texts) cpSync(join(root, path), join(outputDirectory, path));
  });
}

function relinked(part: CommentDisplayPart, from: string): CommentDisplayPart {
  const text = part.kind === "relative-link" ? siteLink(from, part.text) : undefined;
  return text === undefined ? part : { kind: "text", text };
}
