"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { Sortable, TableState } = load();
const TITLES = ["Operator", "mutants", "Time (s)"];

test("an address names a column and its direction", () => {
  assert.deepEqual(plain(Sortable.wanted(TITLES, "-mutants")), { column: 1, down: true });
  assert.deepEqual(plain(Sortable.wanted(TITLES, "time-s")), { column: 2, down: false });
});

test("a column that there is not, or none, is the order a table came in", () => {
  for (const said of ["", "-", "lines", "-lines"]) assert.equal(Sortable.wanted(TITLES, said).column, -1, said);
});

test("an address says something about tables or nothing", () => {
  for (const name of ["sort-map", "flat-files-a", "weak-files-a", "find-files-a", "fold-files-a", "open-operators"]) assert.ok(TableState.isIn({ [name]: "1" }), name);
  assert.ok(!TableState.isIn({}));
  assert.ok(!TableState.isIn({ sort: "1", q: "open-map" }));
});

test("a head asks for what is looked for most, then for the other way round, then for nothing", () => {
  for (const [numeric, steps] of [[true, ["descending", "ascending", "none"]], [false, ["ascending", "descending", "none"]]]) {
    let now = "none";
    for (const step of steps) {
      now = Sortable.next(now, numeric);
      assert.equal(now, step);
    }
  }
});
