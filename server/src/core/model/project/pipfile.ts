/** Pipfile → what pipenv installs. */
import { normalised, type PythonRequirement } from "./python-requirement.ts";
import { readToml } from "./toml.ts";
import { at, fieldsOf, flagAt, isFields, namedTexts, textAt, textOf, textsOf } from "./values.ts";

export interface Pipfile {
  readonly pythonVersion: string | undefined;
  readonly packages: readonly (PythonRequirement & { readonly editable: boolean })[];
  readonly devPackages: readonly (PythonRequirement & { readonly editable: boolean })[];
  readonly scripts: ReadonlyMap<string, string>;
}

export function readPipfile(text: string): Pipfile | undefined {
  const data = readToml(text);
  if (!isFields(data)) return undefined;
  return {
    pythonVersion: textAt(data, "requires", "python_full_version") ?? textAt(data, "requires", "python_version"),
    packages: packagesOf(at(data, "packages")),
    devPackages: packagesOf(at(data, "dev-packages")),
    scripts: namedTexts(at(data, "scripts")),
  };
}

const packagesOf = (table: unknown): Pipfile["packages"] =>
  Object.entries(fieldsOf(table)).map(([name, written]) => {
    const git = textAt(written, "git");
    const version = textOf(written) ?? textAt(written, "version") ?? "";
    return {
      name: normalised(name),
      extras: textsOf(at(written, "extras")).map(normalised),
      specifier: version === "*" ? "" : version,
      marker: textAt(written, "markers"),
      url: git === undefined ? textAt(written, "file") : `git+${git}`,
      vcs: git !== undefined,
      path: textAt(written, "path"),
      editable: flagAt(written, "editable") ?? false,
    };
  });
