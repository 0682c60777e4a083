"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex } = require("./fixture.js");

const page = load();

/** Numbers that look drawn, the same each time. @param {number} seed @returns {(below: number) => number} */
const dice = (seed) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** A queue of forty mutants in three files. @param {(below: number) => number} draw */
const aDrawnIndex = (draw) => {
  const codes = ["a < 1", "A:12", "", "İ == ß", "x\ny:1", "take(12)"];
  const paths = ["shop/cart:1.py", "Shop/1", "lib/take.py"];
  const count = 40;
  const each = (/** @type {(at: number) => any} */ make) => Array.from({ length: count }, (_, at) => make(at));
  const owner = each((at) => Math.floor(at / 10));
  return anIndex({
    files: paths.map((path, at) => ({ path, target: at % 2, chunk: "", first: at * 10, count: at < 2 ? 10 : 20, changed: false, lines: 9 })),
    functions: { name: ["f", "Take", "f:1", "g"], file: [0, 1, 2, 2], line: [1, 1, 1, 50], end: [9, 9, 9, 90], seconds: [0, 0, 0, 0] },
    mutants: { id: each((at) => `A${at}`), function: owner, line: each((at) => (at === 0 ? -1 : 10 + at)), operator: each(() => draw(2)), status: each(() => "su"[draw(2)]).join("") },
    queue: {
      mutant: each((at) => (at * 7) % count), original: each(() => codes[draw(codes.length)]), replacement: each(() => codes[draw(codes.length)]), reason: each(() => draw(2)),
      tests: each(() => 0), seconds: each(() => 0), fresh: each(() => draw(3) - 1), diagnosis: each(() => 0),
    },
  });
};

/** What an entry is searched in, in one text. @param {any} facts @param {number} place */
const textOf = (facts, place) => {
  const { queue, mutants, reasons } = facts.index;
  const mutant = queue.mutant[place];
  return [queue.original[place], queue.replacement[place], facts.functionName(mutant), facts.place(mutant), facts.operator(mutant), mutants.id[mutant],
    reasons[queue.reason[place]]].map((text) => text.toLowerCase()).join("\n");
};

/** The plain definition: entry by entry. @param {any} facts @param {any} table @param {any} query */
const plainly = (facts, table, query) => {
  const words = query.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...Array(table.size).keys()].filter((place) => (!query.among || query.among.has(table.mutant[place]))
    && words.every((/** @type {string} */ word) => textOf(facts, place).includes(word)));
  const passes = (/** @type {number} */ place, /** @type {any} */ but) => table.columns.every((/** @type {any} */ one) => {
    const chosen = query.chosen[one.facet] ?? [];
    return one === but || !chosen.length || chosen.includes(one.names[one.codes[place]]);
  });
  return {
    shown: found.filter((place) => passes(place, undefined)),
    counts: plain(table.columns.map((/** @type {any} */ one) => one.names.map((/** @type {string} */ _, /** @type {number} */ code) =>
      found.filter((place) => passes(place, one) && one.codes[place] === code).length))),
  };
};

test("what is found and counted is what looking at entry by entry finds", () => {
  const draw = dice(7);
  const words = ["1", "12", "-1", "a", "take", "py:1", ":", ":1", "1:2", "cart:1.py:1", "i̇", "ß", "f:1", "a1", "swap,", "number", "one", "y:1", "nowhere", "TAKE.PY:3", "1\n", ""];
  for (let round = 0; round < 20; round += 1) {
    const facts = new page.Facts(aDrawnIndex(draw));
    const table = page.Filter.table(facts, () => page.Filter.CHOICES[draw(3)]);
    for (let asked = 0; asked < 40; asked += 1) {
      /** @type {any} */
      const chosen = {};
      for (const { facet, names } of table.columns) if (draw(4) === 0) chosen[facet] = names.filter(() => draw(2));
      const query = { words: Array.from({ length: draw(3) }, () => words[draw(words.length)]).join(" "), chosen,
        among: draw(3) ? undefined : new Set(table.mutant.filter(() => draw(2))) };
      const result = page.Filter.run(table, query);
      const found = plain({ shown: result.shown, counts: table.columns.map((/** @type {any} */ one) => [...result.counts.get(one.facet)]) });
      assert.deepEqual(found, plainly(facts, table, query), JSON.stringify(query));
      assert.deepEqual(plain([...page.Filter.statuses(table, query)]), found.counts[0]);
    }
  }
});

test("a word is marked in each text that has it, however often, and in no other", () => {
  const { JoinedText } = page;
  const marks = (/** @type {string[]} */ parts, /** @type {string} */ word) => plain([...new JoinedText(parts).having(word) ?? []]);
  assert.deepEqual(marks(["abab", "", "b", "xa"], "a"), [1, 0, 0, 1]);
  assert.deepEqual(marks(["ab", "ba"], "bb"), []);
  assert.deepEqual(marks(["", "", "z"], "z"), [0, 0, 1]);
  assert.deepEqual(marks(["x\ny", "y"], "y"), [1, 1]);
  assert.deepEqual(marks([], "y"), []);
});

test("the choices offered are the first of all in order", () => {
  const draw = dice(11);
  for (let round = 0; round < 200; round += 1) {
    const counts = Int32Array.from({ length: draw(30) }, () => draw(5));
    const chosen = new Set([...counts.keys()].filter(() => draw(5) === 0));
    const sorted = [...counts.keys()].sort((one, other) => Number(chosen.has(other)) - Number(chosen.has(one)) || counts[other] - counts[one]);
    assert.deepEqual(plain(page.Facets.first([...counts.keys()], counts, chosen, 6)), sorted.slice(0, 6));
  }
});

test("mutants of one line have one key, and no others", () => {
  const facts = new page.Facts(aDrawnIndex(dice(3)));
  const same = new page.Facts(anIndex());
  assert.deepEqual(plain([...same.lineKeys]), [0, 1, 1, 2, 3]);
  assert.equal(new Set(facts.lineKeys).size, new Set(Array.from({ length: facts.count }, (_, at) => facts.place(at))).size);
});
