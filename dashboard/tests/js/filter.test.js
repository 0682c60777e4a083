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
  const query = { words: "a & b=c", chosen: { operator: ["comparison swap, both ways", "100 %2C"], runs: ["always the same"], decision: ["open", "todo"] } };
  const place = page.Route.parse(page.Route.format("queue", [], page.Filter.write(query)));
  assert.deepEqual(plain(page.Filter.read(place.query)), query);
});

// The fifth mutant of the fixture, b2, is killed.
const tables = () => new page.QueueTables({ facts, index: facts.index, choice: () => "open", decisions: { choice: () => "todo" } });
const wide = (/** @type {any} */ chosen, words = "") => page.Filter.run(tables().whole, { words, chosen });

test("what is not undetected is listed where its status is asked for, and only there", () => {
  assert.deepEqual(plain(wide({}).shown), [0, 1, 2, 3]);
  assert.deepEqual(plain(wide({ status: ["killed"] }).shown), [4]);
  assert.deepEqual(plain(wide({ status: ["killed", "uncovered"] }).shown), [1, 4]);
  assert.deepEqual(plain(wide({ status: ["killed"], file: ["shop/cart.py"] }).shown), []);
  assert.deepEqual(plain(wide({ status: ["killed"] }, "b2").shown), [4]);
});

test("statuses that do not occur are not offered, and the undetected ones always are", () => {
  assert.deepEqual(plain(table.columns[0].names), ["survived", "uncovered", "killed"]);
});

test("what is killed is neither decided nor open, new nor known", () => {
  for (const facet of ["decision", "age", "diagnosis"]) {
    assert.equal(counted(wide({ status: ["killed"] }), facet).reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0), 0, facet);
  }
  assert.deepEqual(plain(wide({ status: ["killed"], decision: page.Filter.CHOICES }).shown), []);
  assert.equal(page.Filter.isDecided(tables().whole, 4), false);
});

test("a decision is noted in both tables", () => {
  const made = tables();
  assert.equal(made.whole.size, 5);
  made.decided(["cart/a2"]);
  for (const one of [made.queue, made.whole]) assert.equal(page.Filter.isDecided(one, 0), true);
});

test("only a status beside the undetected ones asks for more than the queue", () => {
  const made = tables();
  for (const status of [[], ["survived"], ["nonsense"]]) assert.equal(made.of({ words: "", chosen: { status } }), made.queue);
  assert.equal(made.made, undefined);
  assert.equal(made.of({ words: "", chosen: { status: ["survived", "killed"] } }), made.whole);
});

test("each status is counted, by the filters too, once the page has drawn", async () => {
  const made = tables();
  const counts = async (/** @type {any} */ query) => {
    /** @type {any[]} */
    const told = [];
    told.push(made.counts(query, page.Filter.run(made.of(query), query), (/** @type {any} */ later) => told.push(later)));
    await new Promise((done) => { setTimeout(done, 2 * page.QueueTables.PAUSE); });
    return told.map((one) => plain([...one.get("status")]));
  };
  assert.deepEqual(await counts({ words: "", chosen: {} }), [[3, 1, 1]]);
  assert.deepEqual(await counts({ words: "", chosen: { status: ["survived"] } }), [[3, 1, 1]]);
  assert.deepEqual(await counts({ words: "stock.py", chosen: {} }), [[1, 0, -1], [1, 0, 1]]);
  assert.deepEqual(await counts({ words: "", chosen: { decision: ["open"] } }), [[3, 1, -1], [3, 1, 0]]);
  assert.deepEqual(await counts({ words: "", chosen: {}, among: new Set([1]) }), [[1, 0, -1]]);
  assert.deepEqual(await counts({ words: "", chosen: { status: ["killed"], target: ["stock"] } }), [[1, 0, 1]]);
});

test("mutants that had another status are told apart in both tables, killed ones too", () => {
  const varied = new page.Facts(anIndex({ varied: [1, 4] }));
  const made = new page.QueueTables({ facts: varied, index: varied.index, choice: () => "open", decisions: { choice: () => "todo" } });
  const ask = (/** @type {any} */ chosen) => { const query = { words: "", chosen }; return page.Filter.run(made.of(query), query); };
  assert.deepEqual(plain(ask({ runs: ["changed"] }).shown), [0]);
  assert.deepEqual(plain(ask({ runs: ["changed"], status: ["killed"] }).shown), [4]);
  assert.deepEqual(plain(ask({ runs: ["always the same"] }).shown), [1, 2, 3]);
  assert.deepEqual(counted(ask({ runs: ["changed"], status: ["survived", "killed"] }), "runs"), [2, 2]);
});
