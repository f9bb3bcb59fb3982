import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createProject } from "../../bin/init/createProject.ts";
import { init } from "../../bin/init/init.ts";
import packageJson from "../../package.json" with { type: "json" };

const folder = mkdtempSync(join(tmpdir(), "vesper-init-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function manifestOf(project: string) {
  return JSON.parse(readFileSync(join(folder, project, "package.json"), "utf8"));
}

it("writes a project, with the packages in the versions that the gateway is tested with", () => {
  const files = createProject({ folder: join(folder, "My Bot"), vesper: "0.1.0" });
  expect(files).toEqual([
    ...[".env.example", ".gitignore", "README.md", "cdk.json", "cdk/app.ts", "package.json"],
    ...["test/gateway.test.ts", "tsconfig.json", "vesper.config.ts"],
  ]);
  const { name, type, dependencies, devDependencies } = manifestOf("My Bot");
  expect([name, type]).toEqual(["my-bot", "module"]);
  const { "aws-cdk-lib": cdk, constructs, node } = packageJson.devDependencies;
  expect(dependencies).toEqual({ "aws-cdk-lib": cdk, constructs, vesper: "0.1.0" });
  expect(devDependencies).toMatchObject({ node });
});

it("gives no project the name of the package that it depends on", () => {
  createProject({ folder: join(folder, "vesper"), vesper: "0.1.0" });
  expect(manifestOf("vesper").name).toBe("vesper-gateway");
});

it("names a packed gateway from the project's folder, so that both can be moved together", () => {
  createProject({ folder: join(folder, "packed"), vesper: join(folder, "vesper-0.1.0.tgz") });
  expect(manifestOf("packed").dependencies.vesper).toBe("file:../vesper-0.1.0.tgz");
});

it("says by which command the project of a checkout gets the gateway, as that is in no registry", () => {
  expect(init(join(folder, "of-a-checkout"))).toMatch(/^ {2}npm install "\$\(npm pack --silent '\/.+'\)"/m);
  expect(init(join(folder, "of-a-pack"), "../vesper-0.1.0.tgz")).toMatch(/^ {2}npm install$/m);
});

it("refuses a folder that is not empty, and says what is in it", () => {
  const full = join(folder, "full");
  mkdirSync(full);
  writeFileSync(join(full, "notes.txt"), "");
  expect(() => createProject({ folder: full, vesper: "0.1.0" })).toThrow(
    `${full} is not empty: there is notes.txt in it; name a new folder, or an empty one`,
  );
  expect(readdirSync(full)).toEqual(["notes.txt"]);
});

it("refuses a file in the folder's place", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => createProject({ folder: file, vesper: "0.1.0" })).toThrow(`${file} is a file; name a folder`);
});
