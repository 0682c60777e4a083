"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { aChunk } = require("./fixture.js");

const { TokenDiff, Code, Ansi } = load();
/** The stretches of a text as words. @param {string} text @param {[number, number][]} stretches */
const words = (text, stretches) => plain(stretches.map(([start, end]) => text.slice(start, end)));
const differ = (/** @type {string} */ one, /** @type {string} */ other) => {
  const [left, right] = TokenDiff.compare(one, other);
  return [words(one, left), words(other, right)];
};
const text = (/** @type {any[]} */ pieces) => pieces.map((piece) => piece.text).join("");

test("only the tokens that differ are marked", () => {
  assert.deepEqual(differ("sum(prices) * (1 - d)", "sum(prices) / (1 - d)"), [["*"], ["/"]]);
  assert.deepEqual(differ("total < 0", "total <= 0"), [["<"], ["<="]]);
  assert.deepEqual(differ("f(a, b)", "f(a)"), [[", b"], []]);
  assert.deepEqual(differ("a and b and c", "a or b or c"), [["and", "and"], ["or", "or"]]);
});

test("texts with next to nothing in common differ as a whole, and an empty one in nothing", () => {
  assert.deepEqual(differ("price * quantity", "None"), [["price * quantity"], ["None"]]);
  assert.deepEqual(differ("", "x = 1"), [[], ["x = 1"]]);
});

test("what is not marked is the same on both sides, whatever the texts", () => {
  const parts = ["a", "b1", " ", "(", ")", "<=", "\n", "💥", "'s'"];
  let seed = 7;
  const next = (/** @type {number} */ most) => { seed = (seed * 48271) % 2147483647; return seed % most; };
  const made = () => Array.from({ length: next(14) }, () => parts[next(parts.length)]).join("");
  const rest = (/** @type {string} */ whole, /** @type {[number, number][]} */ stretches) =>
    [...stretches].reverse().reduce((left, [start, end]) => left.slice(0, start) + left.slice(end), whole).replace(/\s+/g, "");
  for (let round = 0; round < 500; round += 1) {
    const [one, other] = [made(), made()];
    const [left, right] = TokenDiff.compare(one, other);
    assert.equal(rest(one, left), rest(other, right), JSON.stringify([one, other]));
  }
});

test("a huge change is compared at once", () => {
  const huge = Array.from({ length: 20000 }, (_, at) => `x${at}`).join(" ");
  assert.deepEqual(differ(huge, `${huge} + 1`), [[], [" + 1"]]);
});

test("what comes is highlighted like the source, with the rest of its line", () => {
  const mutant = { at: [2, 8, 2, 13], original: "a < 0", replacement: "None if\n0" };
  const rows = Code.excerpt(aChunk(), mutant, 0).filter((/** @type {any} */ row) => row.kind === "new");
  assert.deepEqual(plain(rows.map((/** @type {any} */ row) => text(row.pieces))), ["    if None if", "0:"]);
  assert.deepEqual(plain(rows[0].pieces.filter((/** @type {any} */ piece) => piece.css === "k")), [{ css: "k", text: "if" }, { css: "k", text: "None" }, { css: "k", text: "if" }]);
});

test("a change over several lines is marked in the columns of each", () => {
  const source = "x = f(\n    one,\n    two)\n";
  const chunk = aChunk({ source });
  const rows = Code.excerpt(chunk, { at: [1, 5, 3, 9], original: "f(\n    one,\n    two)", replacement: "f(\n    one,\n    None)" }, 0);
  const marked = rows.flatMap((/** @type {any} */ row) => words(text(row.pieces), row.marked));
  assert.deepEqual(plain(marked), ["two", "None"]);
});

test("a terminal's colours become classes and all other escapes go", () => {
  const parts = (/** @type {string} */ given) => plain(Ansi.parts(given).map((/** @type {any} */ part) => [part.css, part.text]));
  assert.deepEqual(parts("\x1b[31mred\x1b[0m and \x1b[1;92mgood\x1b[m"), [["ansi-red", "red"], ["", " and "], ["ansi-green ansi-bold", "good"]]);
  assert.deepEqual(parts("\x1b[38;5;196mr\x1b[38;2;0;200;0mg\x1b[48;5;2mb"), [["ansi-red", "r"], ["ansi-green", "g"], ["ansi-green", "b"]]);
  assert.equal(Ansi.strip("a\x1b]8;;http://evil\x07link\x1b]8;;\x07\x1b[2J\x1b[H\x1b(B\x9b31mz"), "alinkz");
});

test("no escape hides text, and none that was cut short is left", () => {
  assert.equal(Ansi.strip("\x1b[8msecret\x1b[28m"), "secret");
  assert.equal(Ansi.strip("cut\x1b[38;5…"), "cut…");
  assert.equal(Ansi.strip("cut\x1b[38;5"), "cut");
  for (const odd of ["\x1b", "\x1b[", "\x1b]0;title", "\x1b[999999999999m", "\x1b[38;2m", "\x1b[38;5m"]) assert.equal(/\x1b/.test(Ansi.strip(`${odd}x`)), false, JSON.stringify(odd));
});
