"use strict";
/**
 * Loads the bundle's files. Beside one may lie the bytecode that the build made of it (scripts/code-cache.mjs), which spares compiling it. It is
 * for one build of Node alone, told by the size of its executable; any other, or one with other flags of V8, compiles the file as usual.
 */
const { existsSync, readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { Script } = require("node:vm");

const BUNDLE = join(__dirname, "../dist/bundle");
const CACHE_SUFFIX = `.${process.version}-${process.arch}-${statSync(process.execPath).size}.cache`;
/** Node's own modules that take milliseconds to load, and that most command lines do not use. */
const SELDOM = [
  "child_process",
  "crypto",
  "fs/promises",
  "module",
  "net",
  "os",
  "stream",
  "worker_threads",
  "zlib",
].map((id) => `node:${id}`);

/** By file name: the script, and what it exports. */
const loaded = new Map();

function load(name) {
  const there = loaded.get(name);
  if (there !== undefined) return there.module.exports;
  const filename = join(BUNDLE, name);
  const cache = filename + CACHE_SUFFIX;
  // The build leaves ASCII alone in it.
  const source = `(function (exports, require, module, __filename, importModule) {${readFileSync(filename, "latin1")}\n})`;
  const script = new Script(source, {
    filename,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  const module = { exports: {} };
  loaded.set(name, { script, module });
  script.runInThisContext()(module.exports, requireWithin, module, filename, importModule);
  return module.exports;
}

/** Another file of the bundle, or a module of Node: a seldom one when something of it is first used. */
function requireWithin(id) {
  if (id.startsWith("./")) return load(id.slice(2));
  return SELDOM.includes(id) ? new Proxy({}, { get: (_, key) => require(id)[key] }) : require(id);
}

/** A module beside the bundle's files. A script's own `import()` would print that this is an experiment of Node's. */
function importModule(id) {
  return import(`../dist/bundle/${id}`);
}

module.exports = { BUNDLE, CACHE_SUFFIX, load, loaded };
