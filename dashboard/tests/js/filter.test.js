"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex } = require("./fixture.js");

const page = load();
const facts = new page.Facts(anIndex());
const table = page.Filter.table(facts, (/** @type {number} */ mutant) => (mutant === 3 ? "todo" : "open"));
const run = (/** @type {any} */ chosen, words = "", among = undefined) => page.Filter.run(table, { words, chosen, among });
const counted = (/** @type {any} */ result, /** @type {string} */ facet) => plain([...result.counts.get(facet)]);

test("nothing chosen shows everything in the order of the queue", () => {
  assert.deepEqual(plain(run({}).shown), [0, 1, 2, 3]);
});

test("choices of one facet are alternatives, of two facets conditions", () => {
  assert.deepEqual(plain(run({ status: ["uncovered", "survived"] }).shown), [0, 1, 2, 3]);
  assert.deepEqual(plain(run({ status: ["survived"], file: ["shop/cart.py"] }).shown), [0, 3]);
});

test("words are looked for in code, function, file, operator and id, whatever their case", () => {
  assert.deepEqual(plain(run({}, "TOTAL <= 0").shown), [0]);
  assert.deepEqual(plain(run({}, "stock.py:3").shown), [2]);
  assert.deepEqual(plain(run({}, "b1").shown), [2]);
  assert.deepEqual(plain(run({}, "total nowhere").shown), []);
});

test("a choice is counted as if its own facet asked for nothing", () => {
  const result = run({ file: ["shop/cart.py"], decision: ["open"] });
  assert.deepEqual(counted(result, "file"), [3, 0]);
  assert.deepEqual(counted(result, "decision"), [3, 0, 0, 0, 0]);
  assert.deepEqual(counted(run({ file: ["shop/cart.py"] }), "file"), [3, 1]);
});

test("each count is what choosing it shows", () => {
  for (const { facet, names } of table.columns) {
    const before = run({ status: ["survived"] });
    names.forEach((/** @type {string} */ name, /** @type {number} */ at) => {
      if (facet !== "status") assert.equal(run({ status: ["survived"], [facet]: [name] }).shown.length, counted(before, facet)[at], `${facet} ${name}`);
    });
  }
});

test("only mutants among the given are shown", () => {
  assert.deepEqual(plain(run({}, "", new Set([3, 0])).shown), [2, 3]);
});

test("a new decision moves an entry to another choice", () => {
  const fresh = page.Filter.table(facts, () => "open");
  page.Filter.decided(fresh, 1, "bug");
  assert.deepEqual(plain(page.Filter.run(fresh, { words: "", chosen: { decision: ["bug"] } }).shown), [1]);
});

test("what is written into an address is read back, commas and percents too", () => {
  const query = { words: "a & b=c", chosen: { operator: ["comparison swap, both ways", "100 %2C"], decision: ["open", "todo"] } };
  const place = page.Route.parse(page.Route.format("queue", [], page.Filter.write(query)));
  assert.deepEqual(plain(page.Filter.read(place.query)), query);
});
