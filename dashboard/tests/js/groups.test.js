"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { Groups, Compare, Marks } = load();
const line = (/** @type {number} */ place) => Math.floor(place / 10);
const group = (/** @type {number} */ place) => String(line(place));
const rows = (/** @type {number[]} */ places, how = {}) => plain(Groups.rows(places, { line, unfolded: new Set(), closed: new Set(), ...how }));

test("of each line the first stands for the others", () => {
  assert.deepEqual(rows([12, 20, 11]).map((/** @type {any} */ row) => [row.place, row.folded]), [[12, [11]], [20, []]]);
});

test("an unfolded line shows them under the first", () => {
  const shown = rows([12, 20, 11], { unfolded: new Set([1]) });
  assert.deepEqual(shown.map((/** @type {any} */ row) => [row.place, row.under]), [[12, false], [11, true], [20, false]]);
});

test("what stands in a shadow is folded under what does not, though it came first", () => {
  const isShadowed = (/** @type {number} */ place) => place === 11;
  assert.deepEqual(rows([11, 20, 12], { isShadowed }).map((/** @type {any} */ row) => [row.place, row.folded]), [[12, [11]], [20, []]]);
  assert.deepEqual(rows([11, 20], { isShadowed }).map((/** @type {any} */ row) => row.place), [11, 20]);
});

test("groups come in the order of their first entry, and a closed one shows its head only", () => {
  const shown = rows([30, 11, 31], { group, closed: new Set(["3"]) });
  assert.deepEqual(shown.map((/** @type {any} */ row) => row.key ?? row.place), ["3", "1", 11]);
  assert.deepEqual(shown[0].places, [30, 31]);
});

test("what became of a mutant between two runs", () => {
  const fates = { "ks": "new", "sk": "killed", ".s": "added undetected", "s.": "gone undetected", ".k": "added", "k.": "gone", "su": "other", "kt": "other", "se": "unknown", "pk": "unknown", ".p": "unknown", "e.": "unknown", "ee": "unknown", "ss": "", "..": "" };
  for (const [[before, after], fate] of Object.entries(fates)) assert.equal(Compare.fate(before, after), fate, before + after);
});

test("what one of two runs did not judge is counted, whether it is listed or not", () => {
  const chunk = { mutants: { history: ["kps", "ksk"] }, unjudged: { history: ["kek", "see", ".pk"], count: [900, 40, 5] } };
  assert.deepEqual([[0, 1], [0, 2], [1, 2], [2, 2]].map(([before, after]) => Compare.unknown(chunk, before, after)), [946, 40, 946, 40]);
});

test("two runs are compared by their places in the letters", () => {
  const found = Compare.runs(["ksk", "skk", ".us"], 1, 2);
  assert.deepEqual(plain(found.filter((/** @type {any} */ one) => one.rows.length).map((/** @type {any} */ one) => [one.name, one.rows])),
    [["newly killed", [0]], ["otherwise different", [2]]]);
});

test("overlapping stretches become one", () => {
  assert.deepEqual(plain(Marks.merged([[5, 9], [1, 3], [2, 6], [12, 13]])), [[1, 9], [12, 13]]);
});
