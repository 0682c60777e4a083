"use strict";
// A small run, written by hand after data.d.ts: two files, five mutants, four of them undetected.

/** @param {Partial<any>} [overrides] */
exports.anIndex = (overrides = {}) => ({
  format: 1,
  report: "shop-1234",
  project: "shop",
  version: "0.1.0",
  run: { id: 2, startedAt: "2030-05-17T09:00:00+00:00", commit: "0123456789abcdef", branch: "", dirty: false, complete: true },
  targets: [{ name: "cart", root: "." }, { name: "stock", root: "." }],
  files: [
    { path: "shop/cart.py", target: 0, chunk: "data/file-0.js", first: 0, count: 3, changed: false, lines: 8 },
    { path: "shop/stock.py", target: 1, chunk: "data/file-1.js", first: 3, count: 2, changed: false, lines: 4 },
  ],
  functions: { name: ["subtotal", "take"], file: [0, 1], line: [4, 2], end: [8, 4], seconds: [2.5, 0.5] },
  operators: ["number", "comparison swap, both ways"],
  mutants: {
    id: ["a1", "a2", "a3", "b1", "b2"],
    function: [0, 0, 0, 1, 1],
    line: [5, 6, 6, 3, 4],
    operator: [0, 1, 1, 0, 1],
    status: "ssusk",
  },
  queue: {
    mutant: [1, 2, 3, 0],
    original: ["total < 0", "discount > 1", "count=1", "1 - discount"],
    replacement: ["total <= 0", "discount >= 1", "count=2", "2 - discount"],
    reason: [0, 0, 1, 1],
    tests: [1, 0, 2, 1],
    seconds: [0.2, 0, 1.5, 0.3],
    fresh: [1, 0, -1, 0],
    diagnosis: [0, 0, 0, 0],
  },
  shadows: { place: [], of: [] },
  varied: [],
  slowest: { mutant: [3, 0], seconds: [1.5, 0.3] },
  rule: "Survivors first.",
  reasons: ["Seen by one test.", "A number that matters to nobody."],
  diagnoses: ["not diagnosed"],
  decisions: [],
  chunks: { tests: "data/tests.js", runs: "data/runs.js", codes: "data/codes.js" },
  editor: "",
  root: "",
  runs: [],
  matrix: false,
  ...overrides,
});

/** @param {Partial<any>} [overrides] */
exports.aChunk = (overrides = {}) => ({
  source: "def f(a):\n    if a < 0:\n        return 0\n    return a\n",
  coverage: "rpmr",
  partial: { 2: "never went on to line 3" },
  testSets: [[0, 2], [1]],
  testsOfLine: { 2: 0 },
  testsOfFunction: { 0: 0 },
  functionHash: { 0: "feed" },
  names: { 0: "shop.cart.x_f" },
  mutants: [],
  ...overrides,
});
