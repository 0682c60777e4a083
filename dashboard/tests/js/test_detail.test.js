"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex } = require("./fixture.js");

const { Facts, TestDetail } = load();
const index = anIndex();
const context = (/** @type {Record<number, string>} */ choices = {}) => ({
  index, facts: new Facts(index), choice: (/** @type {number} */ mutant) => choices[mutant] ?? "open",
});

test("survivors stand within reach of a test that kills another mutant of their function", () => {
  assert.deepEqual(plain(TestDetail.withinReach(context(), [4])), [3]);
  assert.deepEqual(plain(TestDetail.withinReach(context(), [])), []);
});

test("they come in the order of the queue, without what no test runs", () => {
  assert.deepEqual(plain(TestDetail.withinReach(context(), [2])), [1, 0]);
});

test("what is decided not to need a test is left out, a wish for one is not", () => {
  assert.deepEqual(plain(TestDetail.withinReach(context({ 0: "todo", 1: "equivalent" }), [2])), [0]);
});
