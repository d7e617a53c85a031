import { execFileSync } from "node:child_process";

/** True when the program runs here. With CI=true a missing program is an error: there no test may skip. */
export function hasTool(name: string, versionArgument = "--version"): boolean {
  try {
    execFileSync(name, [versionArgument], { stdio: "ignore" });
    return true;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing && process.env["CI"] === "true") throw new Error(`${name} is needed by the full test: install it`);
    return !missing;
  }
}

/** True when network namespaces can be made here (Linux, root). With CI=true a refusal is an error. */
export function hasNamespaces(): boolean {
  const name = `vipscope-probe-${process.pid}`;
  try {
    execFileSync("ip", ["netns", "add", name], { stdio: "ignore" });
    execFileSync("ip", ["netns", "del", name], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env["CI"] === "true")
      throw new Error("the full test needs network namespaces: run it as root on Linux");
    return false;
  }
}
