"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { TreeTable } = load();

test("a row stands in the nearest folder above it that is less deep", () => {
  assert.deepEqual(plain(TreeTable.parents([0, 1, 2, 2, 1, 0, 1])), [-1, 0, 1, 1, 0, -1, 5]);
});

test("rows are sorted within their folder, and a folder takes along what lies in it", () => {
  const parents = [-1, 0, 1, 1, 0, -1];
  assert.deepEqual(plain(TreeTable.sorted(parents, (/** @type {number} */ one, /** @type {number} */ other) => other - one)), [5, 0, 4, 1, 3, 2]);
});

test("sorting keeps every row of a large tree just once", () => {
  const depths = Array.from({ length: 3000 }, (_, at) => at % 3);
  const order = plain(TreeTable.sorted(TreeTable.parents(depths), (/** @type {number} */ one, /** @type {number} */ other) => (one * 7919) % 3001 - (other * 7919) % 3001));
  assert.deepEqual([...order].sort((one, other) => one - other), depths.map((_, at) => at));
});

test("a row's path is its folder's and its own name", () => {
  assert.deepEqual(plain(TreeTable.paths([-1, 0, 1, -1], ["app/", "web/views/", "", "lib/"])), ["app/", "app/web/views/", "app/web/views/", "lib/"]);
});
