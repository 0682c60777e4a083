"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { aChunk } = require("./fixture.js");

const { Copies, Examples } = load();
const TESTS = [100, 0, 40, 7].map((examples) => ({ examples }));
const chunk = aChunk({ testSets: [[0, 1, 2]], testsOfFunction: { 0: 0, 1: 0, 2: 0 }, examplesOfFunction: { 0: [2, 3], 1: [0, 0, 2, -1] } });
const all = (/** @type {number} */ name) => plain(TESTS.map((_, number) => Examples.reaching(chunk, name, TESTS)(number) ?? "none"));

test("what is not listed is reached by all examples, a plain test has none, a test that does not run it is not counted", () => {
  assert.deepEqual(all(0), [100, "none", 3, -1]);
});

test("none of the examples is not the same as not counted", () => {
  assert.deepEqual(all(1), [0, "none", -1, -1]);
});

test("where nothing was counted nothing is claimed", () => {
  assert.deepEqual(all(2), [-1, "none", -1, -1]);
  assert.deepEqual(all(7), [-1, "none", -1, -1]);
});

test("examples are told in words", () => {
  const said = [[37, 100], [100, 100], [0, 100], [-1, 100], [1, 1], [undefined, 0]].map(([reached, made]) => Examples.words(reached, made));
  assert.deepEqual(plain(said), ["37 of 100 examples", "all 100 examples", "none of 100 examples", "100 examples", "1 of 1 example", ""]);
});

test("the text of an issue tells a part of the examples only", () => {
  const tests = [{ id: "t.py::a", examples: "3 of 40 examples" }, { id: "t.py::b", examples: "all 40 examples" }, { id: "t.py::c", examples: "" }];
  const text = Copies.issue({ place: "a.py:1", functionName: "f", status: "survived", operator: "o", id: "a1", original: "a", replacement: "b", sentence: "s", tests, commit: "" });
  assert.ok(text.includes("- `t.py::a` (3 of 40 examples reach the function)\n- `t.py::b`\n- `t.py::c`\n"));
});
