"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { aChunk, anIndex } = require("./fixture.js");

const { MutmutName } = load();

test("a name tells its module and its function, also where it is pasted with its command", () => {
  const parts = (/** @type {string} */ typed) => { const found = MutmutName.parse(typed); return found && [found.module, found.functionName]; };
  assert.deepEqual(plain(parts("shop.cart.x_subtotal__mutmut_12")), ["shop.cart", "subtotal"]);
  assert.deepEqual(plain(parts("mutmut show shop.stock.xǁStockǁtake__mutmut_1")), ["shop.stock", "Stock.take"]);
  assert.deepEqual(plain(parts("x__private__mutmut_3")), ["", "_private"]);
  for (const other of ["", "subtotal", "shop.cart.subtotal", "x_subtotal__mutmut_", "shop/cart.py"]) assert.equal(MutmutName.parse(other), undefined);
});

test("only files of that module are looked into", () => {
  const index = anIndex();
  assert.deepEqual(plain(MutmutName.files(index, "shop.cart.x_subtotal__mutmut_1")), [0]);
  assert.deepEqual(plain(MutmutName.files(index, "cart.x_subtotal__mutmut_1")), [0]);
  assert.deepEqual(plain(MutmutName.files(index, "x_subtotal__mutmut_1")), [0]);
  assert.deepEqual(plain(MutmutName.files(index, "art.x_subtotal__mutmut_1")), []);
  assert.deepEqual(plain(MutmutName.files(index, "shop.stock.x_subtotal__mutmut_1")), []);
});

test("a number is the rest of a name that the function's mutants share, and any other name stands as it is", () => {
  assert.equal(MutmutName.of(aChunk(), 0, { name: 12 }), "shop.cart.x_f__mutmut_12");
  assert.equal(MutmutName.of(aChunk(), 0, { name: "other__mutmut_1" }), "other__mutmut_1");
  assert.equal(MutmutName.of(aChunk(), 0, { name: "" }), "");
});
