/** The programs of the guides on passwords compile as a user's, against stand-ins typed as the real packages are. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, newest, project, type Settings, textOf } from "./compiler";
import { installStandIns, programsOf } from "./guides";

const folder = project();
installStandIns(folder);

test.each(
  ["handing-passwords-on.md", "state-without-secrets.md"].flatMap((guide) =>
    (["commonjs", "nodenext"] as const).map((settings): [string, Settings] => [guide, settings]),
  ),
)("%s compiles with %s", (guide, settings) => {
  const files = [...programsOf(guide)].filter(([file]) => file.endsWith(".ts"));
  const written = files.map(([file, text]) => {
    const path = join(guide, file);
    mkdirSync(join(folder, guide), { recursive: true });
    writeFileSync(join(folder, path), text);
    return path;
  });
  expect(written.length).toBeGreaterThan(0);
  const found = compile({ compiler: newest, settings, exactOptionalPropertyTypes: false }, folder, written);
  expect(textOf(newest, found)).toBe("");
});
