"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex, aChunk } = require("./fixture.js");

const { Toml, Copies, Words, Code, Dom, Facts, LinePanel, Sortable } = load();
const entry = (overrides = {}) => ({ id: "a1", target: "cart", file: "a.py", function: "f", change: "a -> b", decision: "todo", reason: "", who: "Ada", when: "2030-05-17", expires: "", functionHash: "feed", ...overrides });

test("an entry of triage.toml leaves out what is empty", () => {
  assert.equal(Toml.write(entry()), `[[decisions]]
id = "a1"
target = "cart"
file = "a.py"
function = "f"
change = "a -> b"
decision = "todo"
who = "Ada"
when = 2030-05-17
function_hash = "feed"
`);
  assert.match(Toml.write(entry({ reason: "why", expires: "2031-01-01" })), /reason = "why"\nwho = "Ada"\nwhen = 2030-05-17\nexpires = 2031-01-01\n/);
});

test("no text can end a string of TOML or begin a line", () => {
  assert.equal(Toml.quoted('a"b\\c\nd\te\x7f\ud800'), '"a\\"b\\\\c\\u000ad\\u0009e\\u007f\ufffd"');
  assert.equal(Toml.document([], ["one\ntwo"]), "# one two\n\n");
});

test("a shell reads a command's words as they are", () => {
  assert.equal(Copies.pytest(["t.py::test_a"]), "python -m pytest t.py::test_a");
  assert.equal(Copies.pytest(["t.py::test[it's $HOME]"]), "python -m pytest 't.py::test[it'\\''s $HOME]'");
});

test("beyond fifty tests their files are run", () => {
  assert.equal(Copies.pytest(Array.from({ length: 51 }, (_, at) => `t.py::test_${at}`)), "python -m pytest t.py");
});

test("no code can leave its fence in Markdown", () => {
  const text = Copies.issue({ place: "a.py:1", functionName: "f`g", status: "survived", operator: "o", id: "a1", original: "```", replacement: "", sentence: "s", tests: [], commit: "" });
  assert.ok(text.includes("````diff\n- ```\n+ \n````"));
  assert.ok(text.includes("``f`g``"));
});

test("an editor's link runs no script", () => {
  assert.equal(Copies.editor("vscode://file/{path}:{line}", "/home/a b/", "x.py", 7), "vscode://file//home/a%20b/x.py:7");
  for (const evil of ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", ""]) assert.equal(Copies.editor(evil, "/", "x.py", 1), "");
});

test("times have as many digits as a person wants", () => {
  const said = [0, 0.004, 0.25, 3.14159, 42.4, 61, 7265].map(Words.duration);
  assert.deepEqual(plain(said), ["0 ms", "4 ms", "0.3 s", "3.1 s", "42 s", "1 min 1 s", "2 h 1 min"]);
});

test("the past is told from the last verdict", () => {
  assert.equal(Words.past("ks.ss"), "survived in 3 of the 4 runs that know it");
  assert.equal(Words.past("..s"), "survived in the only run that knows it");
  assert.equal(Words.past("..."), "not recorded in any run");
});

test("the past says since when, and how often that changed", () => {
  const runs = Array.from({ length: 6 }, (_, at) => ({ id: at + 1, startedAt: `2030-05-1${at}T09:00:00+00:00` }));
  const past = (/** @type {string} */ letters, first = 1) => Words.past(letters, runs.map((run) => ({ ...run, id: run.id + first - 1 }))).split("know it")[1];
  assert.equal(past("ssssss"), ", since 2030-05-10");
  assert.equal(past("ssssss", 7), ", since 2030-05-10 or earlier");
  assert.equal(past(".sksss", 7), ", since 2030-05-13; it changed 2 times");
  assert.equal(past("kks.ps"), ", since 2030-05-12; it changed once");
  assert.equal(past("kks.."), ", since 2030-05-12; it changed once");
  assert.equal(past("..ss.p"), ", since 2030-05-15; it changed once");
  assert.equal(Words.past("ss", [{ id: 1, startedAt: "" }]), "survived in 2 of the 2 runs that know it");
});

test("what turns text around or hides in it is shown", () => {
  assert.equal(Dom.visible("a\u202eb\x1b[0m\ud800c💥\t\n"), "a\\u202eb\\x1b[0m\\ud800c💥\t\n");
});

test("pieces of a line, joined, are the line", () => {
  const chunk = aChunk();
  Code.lines(chunk).forEach((/** @type {string} */ text, /** @type {number} */ at) => {
    assert.equal(Code.pieces(chunk, at + 1).map((/** @type {any} */ piece) => piece.text).join(""), text);
  });
  assert.deepEqual(plain(Code.pieces(chunk, 1)[0]), { css: "k", text: "def" });
});

test("a change is drawn only where its original stands", () => {
  const mutant = { at: [2, 8, 2, 13], original: "a < 0", replacement: "a <= 0" };
  const rows = Code.excerpt(aChunk(), mutant, 1);
  assert.deepEqual(plain(rows.map((/** @type {any} */ row) => row.kind)), ["same", "gone", "new", "same"]);
  assert.deepEqual(plain([rows[1].marked, rows[2].marked]), [[[9, 10]], [[9, 11]]]);
  assert.deepEqual(plain(Code.excerpt(aChunk(), { ...mutant, original: "b < 0" })), []);
});

test("a line taken away leaves no line", () => {
  const rows = Code.excerpt(aChunk(), { at: [3, 1, 3, 17], original: "        return 0", replacement: "" }, 0);
  assert.deepEqual(plain(rows.map((/** @type {any} */ row) => row.kind)), ["gone"]);
});

test("mutants on a line are found by their line", () => {
  const facts = new Facts(anIndex());
  assert.deepEqual(plain([facts.onLine(0, 6), facts.onLine(0, 7), facts.onLine(1, 4)]), [[1, 2], [], [4]]);
  assert.equal(facts.find("stock/b1"), 3);
  assert.equal(facts.find("cart/b1"), undefined);
});

test("the innermost function around a line", () => {
  const index = anIndex({ functions: { name: ["outer", "inner"], file: [0, 0], line: [1, 3], end: [9, 5] } });
  assert.deepEqual(plain([2, 4, 12].map((line) => LinePanel.functionAt(index, 0, line))), [0, 1, -1]);
});

test("numbers sort as numbers and before texts", () => {
  const cell = (/** @type {string} */ text, /** @type {string | null} */ value = null) => ({ getAttribute: () => value, textContent: text });
  const values = [cell("n/a"), cell("1\u202f000"), cell("9 %", "0.09"), cell("20")].map(Sortable.value);
  assert.deepEqual(plain(values.sort(Sortable.order)), [0.09, 20, 1000, "n/a"]);
});
