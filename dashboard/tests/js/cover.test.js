"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load } = require("./page.js");

const { TestCover } = load();
/** @param {string} id @param {number} seconds @param {string} [outcome] */
const aTest = (id, seconds, outcome = "passed") => ({ id, seconds, outcome });
const chunk = { tests: [aTest("a", 1), aTest("b", 2), aTest("c", 3), aTest("d", 9, "failed")], cover: [2, 0] };

test("a sentence says what the set takes of all tests that passed", () => {
  assert.equal(TestCover.sentence(chunk), "2 of 3 tests kill the same mutants, in 4.0 s of 6.0 s.");
});

test("where every test is needed, nothing is to be dropped", () => {
  assert.equal(TestCover.sentence({ ...chunk, cover: [0, 1, 2] }), "Each of the 3 tests is needed to kill what they kill together.");
});

test("nothing is said where no test kills or no kill matrix was recorded", () => {
  assert.equal(TestCover.sentence({ ...chunk, cover: [] }), "");
  assert.equal(TestCover.sentence({ tests: chunk.tests }), "");
});

test("a test that did not pass is neither in the set nor a candidate beside it", () => {
  /** @param {string} choice */
  const ids = (choice) => [...TestCover.among(choice, chunk) ?? []].map(({ id }) => id).sort().join("");
  assert.equal(ids(TestCover.INSIDE), "ac");
  assert.equal(ids(TestCover.OUTSIDE), "b");
  assert.equal(TestCover.among("kills nothing", chunk), undefined);
});
