"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { Matrix } = load();
/** @param {string} tests those that ran it; a capital letter noticed it */
const column = (tests) => ({ ran: new Set(tests.toLowerCase()), noticed: new Map([...tests].filter((one) => one !== one.toLowerCase()).map((one) => [one.toLowerCase(), "assertion"])) });
const rows = (/** @type {string[]} */ ...columns) => plain(Matrix.rows(columns.map(column))).map((/** @type {any} */ { test: name, notices, alone }) => [name, notices, alone, Matrix.remark({ notices, alone })]);

test("a test is redundant where others notice all it notices", () => {
  assert.deepEqual(rows("ABc", "Ab", "aB", "AB").map(([name, ...rest]) => [name, rest[2]]), [["a", ""], ["b", ""], ["c", "notices nothing here"]]);
  assert.deepEqual(rows("AB", "Ab"), [["a", 2, 1, ""], ["b", 1, 0, "redundant here"]]);
});

test("a survivor is noticed by none and makes no test needed", () => {
  assert.deepEqual(rows("ab"), [["a", 0, 0, "notices nothing here"], ["b", 0, 0, "notices nothing here"]]);
});
