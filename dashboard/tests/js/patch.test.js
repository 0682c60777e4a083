"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { load } = require("./page.js");
const { aChunk } = require("./fixture.js");

const { Patch } = load();
const SOURCE = aChunk().source;

/** What a shell makes of a file when it is given the mutant's command, and what taking it out again leaves.
 * @param {string} source @param {any} mutant */
const planted = (source, mutant) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "patch-"));
  try {
    const file = path.join(folder, "a b.py");
    fs.writeFileSync(file, source);
    const command = Patch.command(Patch.of("a b.py", aChunk({ source }), mutant));
    const run = (/** @type {string} */ text) => { execFileSync("sh", ["-c", text], { cwd: folder, env: { ...process.env, GIT_CEILING_DIRECTORIES: os.tmpdir() } }); return fs.readFileSync(file, "utf8"); };
    return [run(command), run(command.replace("git apply", "git apply -R"))];
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};

test("a mutant is planted in its source and taken out again", () => {
  const mutant = { at: [2, 8, 2, 13], original: "a < 0", replacement: "a <= 0" };
  assert.deepEqual(planted(SOURCE, mutant), [SOURCE.replace("a < 0", "a <= 0"), SOURCE]);
});

test("one over several lines, too, and one that takes a line away", () => {
  const over = { at: [2, 5, 3, 17], original: "if a < 0:\n        return 0", replacement: "if a < 0:\n        return 1" };
  assert.equal(planted(SOURCE, over)[0], SOURCE.replace("return 0", "return 1"));
  const away = { at: [3, 9, 3, 17], original: "return 0", replacement: "" };
  assert.equal(planted(SOURCE, away)[0], SOURCE.replace("        return 0\n", ""));
});

test("a file's last line may lack its end", () => {
  const source = SOURCE.trimEnd();
  const mutant = { at: [4, 5, 4, 13], original: "return a", replacement: "return b" };
  assert.deepEqual(planted(source, mutant), [source.replace("return a", "return b"), source]);
  const first = { at: [2, 8, 2, 13], original: "a < 0", replacement: "a <= 0" };
  assert.equal(planted(source, first)[0], source.replace("a < 0", "a <= 0"));
});

test("code that reads like the end of the command does not end it", () => {
  const source = `def f():\n    return """\nMUTANT\n""" + "x"\n`;
  const mutant = { at: [4, 7, 4, 10], original: '"x"', replacement: '"y"' };
  assert.equal(planted(source, mutant)[0], source.replace('"x"', '"y"'));
});

test("where the source does not hold the change there is no patch", () => {
  assert.equal(Patch.of("a.py", aChunk(), { at: [2, 8, 2, 13], original: "b < 0", replacement: "b" }), "");
});
