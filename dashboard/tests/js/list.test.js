"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex } = require("./fixture.js");

const page = load();
const { Finder, Fuzzy, ListExport, QueueOrder } = page;
const facts = new page.Facts(anIndex());
const context = { index: facts.index, facts };
const order = (/** @type {number[]} */ done, how = {}) => plain(QueueOrder.rows(facts, {
  places: [0, 1, 2, 3], by: "", isDecided: (/** @type {number} */ place) => done.includes(place), apart: true, unfolded: new Set(), closed: new Set(), flat: false, ...how,
}).map((/** @type {any} */ row) => (row.kind === "head" ? [row.key, ...row.places] : row.place)));
const aRow = (overrides = {}) => ({ id: "a1", target: "cart", file: "shop/cart.py", function: "f", line: 3, operator: "number", original: "1", replacement: "2",
  status: "survived", decision: "open", decision_reason: "", new: null, tests: 2, seconds: 0.25, reason: "This number.", address: "file:///site/index.html#/mutant/cart/a1", ...overrides });
const head = { project: "shop", version: "1", run: facts.index.run, address: "#/queue?q=x", all: 9, again: new Set(), recorded: new Map() };

test("what is decided stands under one head at the end, in its order", () => {
  assert.deepEqual(order([1, 2]), [0, 3, [QueueOrder.DECIDED, 1, 2], 1, 2]);
  assert.deepEqual(order([1, 2], { closed: new Set([QueueOrder.DECIDED]) }), [0, 3, [QueueOrder.DECIDED, 1, 2]]);
  assert.deepEqual(order([]), [0, 2, 3]);
});

test("nothing is set apart where decisions are filtered for, and nothing folded on paper", () => {
  assert.deepEqual(order([2], { apart: false }), [0, 2, 3]);
  assert.deepEqual(order([2], { flat: true, closed: new Set([QueueOrder.DECIDED]) }), [0, 1, 3, [QueueOrder.DECIDED, 2], 2]);
});

test("by cost the slowest come first, those decided still last", () => {
  assert.deepEqual(order([], { by: "cost" }), [2, 3, 0]);
  assert.deepEqual(order([2], { by: "cost" }), [3, 0, [QueueOrder.DECIDED, 2], 2]);
});

test("by change the one that occurs most often comes first, and one that is shortened is like no other", () => {
  const grouped = (/** @type {string} */ end) => {
    const queue = { ...facts.index.queue, original: ["x", "a", "a", "a"], replacement: ["", `b${end}`, `c${end}`, `c${end}`] };
    return plain(QueueOrder.rows(new page.Facts(anIndex({ queue })), { places: [0, 1, 2, 3], by: "change", isDecided: () => false, apart: true,
      unfolded: new Set(), closed: new Set(), flat: false }).filter((/** @type {any} */ row) => row.kind === "head").map((/** @type {any} */ row) => [row.key, ...row.places]));
  };
  assert.deepEqual(grouped(""), [["a → c", 2, 3], ["x → nothing", 0], ["a → b", 1]]);
  assert.deepEqual(grouped("…").slice(1).map((/** @type {any} */ head) => head[0]), ["a → b… · a3", "a → c… · b1", "a → c… · a1"]);
});

test("each order says what it is", () => {
  assert.equal(QueueOrder.rule("", "Survivors first."), "Survivors first.");
  for (const by of QueueOrder.CHOICES) assert.match(QueueOrder.rule(by, "Survivors first."), new RegExp(`^By ${by}.*Survivors first\\.$`));
});

test("groups hold what is undecided", () => {
  assert.deepEqual(order([0], { by: "operator" }).filter(Array.isArray), [["comparison swap, both ways", 1], ["number", 2, 3], [QueueOrder.DECIDED, 0]]);
});

test("letters in order find a text, a piece of it comes first, and the start of a word before its middle", () => {
  const found = Fuzzy.best("cart", ["shop/discard_it.py", "c_a_r_t.py", "descartes.py", "shop/cart.py"], (/** @type {string} */ text) => text);
  assert.deepEqual(plain(found.map((/** @type {any} */ one) => one.item)), ["shop/cart.py", "descartes.py", "c_a_r_t.py", "shop/discard_it.py"]);
  assert.equal(Fuzzy.fit("xyz", "shop/cart.py"), undefined);
});

test("found letters stand where they are said to, and every word must be found", () => {
  for (const [query, text] of [["cpy", "shop/cart.py"], ["art shop", "shop/cart.py"], ["crt", "tests/test_cart.py"]]) {
    const { at } = Fuzzy.fit(query, text);
    assert.equal(at.map((/** @type {number} */ place) => text[place]).join(""), query.replace(" ", ""));
  }
  assert.equal(Fuzzy.fit("cart nowhere", "shop/cart.py"), undefined);
});

test("a mutant is found by the start of its id, a line by file and number, a function by its name", () => {
  const known = anIndex({ mutants: { ...anIndex().mutants, id: ["4c4d11", "4c4e22", "ffff00", "4c4d99", "abcdef"] } });
  const finder = new Finder({ index: known, facts: new page.Facts(known) });
  const places = (/** @type {string} */ typed) => plain(finder.find(typed).found.map((/** @type {any} */ one) => one.href));
  assert.deepEqual(places("4c4d"), ["#/queue?m=cart/4c4d11", "#/queue?m=stock/4c4d99"]);
  assert.deepEqual(places("mutant STOCK/4C4D"), ["#/queue?m=stock/4c4d99"]);
  assert.deepEqual(places("abcd"), ["#/mutant/stock/abcdef"]);
  assert.deepEqual(places("stock.py:3")[0], "#/source/shop/stock.py?line=3");
  assert.deepEqual(places("subtot")[0], "#/source/shop/cart.py?line=4");
  assert.deepEqual(places("nothing at all"), []);
});

test("no cell is a formula, and quotes, commas and lines stay in their cell", () => {
  const text = ListExport.csv([aRow({ original: "=1+1", replacement: 'a, "b"\nc', decision_reason: " @x", line: -1 })]);
  const [heads, ...lines] = text.split("\r\n");
  assert.equal(heads, ListExport.COLUMNS.join(","));
  assert.equal(lines.join("|"), 'a1,cart,shop/cart.py,f,-1,number,\'=1+1,"a, ""b""\nc",survived,open,\' @x,,2,0.25,This number.,file:///site/index.html#/mutant/cart/a1|');
});

test("no text leaves its cell in Markdown", () => {
  const text = ListExport.markdown(head, [aRow({ original: "a | b", replacement: "``x`", decision: "accepted", decision_reason: "see #12 | @you <b>" })]);
  const row = text.split("\n").find((/** @type {string} */ line) => line.startsWith("| [`a1`]"));
  assert.equal(row?.split(" | ").length, 7);
  assert.ok(row?.includes("<code>a &#124; b</code>"));
  assert.ok(row?.includes("accepted&#58; see &#35;12 &#124; &#64;you &#60;b&#62;"));
  assert.ok(text.includes("1 of 9, run 2 of `0123456789ab`, started"));
  const onBranch = ListExport.markdown({ ...head, run: { ...head.run, branch: "a`|<b>" } }, [aRow()]);
  assert.ok(onBranch.includes("run 2 of `0123456789ab` on <code>a&#96;&#124;&#60;b&#62;</code>, started"));
});

test("in Markdown a mutant's id leads to it, whatever its folder is called", () => {
  const address = "file:///my (site)/a|b*c`d&copy;e\\f/index.html#/mutant/cart/a1";
  const row = ListExport.markdown(head, [aRow({ address })]).split("\n").find((/** @type {string} */ line) => line.startsWith("| ["));
  const found = /^\| \[`a1`\]\(<([^ <>()|\\`*]+)>\) \| survived \|/.exec(row ?? "");
  assert.equal(decodeURIComponent(found?.[1] ?? "").replace("&amp;", "&"), address);
});

test("JSON says which run and filters it is of", () => {
  const read = JSON.parse(ListExport.json(head, [aRow({ new: true })]));
  assert.deepEqual([read.address, read.run.id, read.mutants[0].new, read.mutants[0].line], ["#/queue?q=x", 2, true, 3]);
});

test("a mutant in the shadow of another is folded under it, on whichever line that stands", () => {
  const shadowing = new page.Facts(anIndex({ shadows: { place: [0, 1], of: [3, 3] } }));
  assert.deepEqual([shadowing.shadow(1), shadowing.shadow(0), plain(shadowing.shadowed(0)), plain(shadowing.shadowed(3))], [0, undefined, [1, 2], []]);
  const rows = plain(QueueOrder.rows(shadowing, { places: [0, 1, 2, 3], by: "", isDecided: () => false, apart: true, unfolded: new Set(), closed: new Set(), flat: false }));
  assert.deepEqual(rows.map((/** @type {any} */ row) => [row.place, row.folded]), [[3, [0, 1]], [2, []]]);
});

// Behind the queue stands the killed mutant b2.
const mixed = (how = {}) => order([0], { places: [0, 1, 2, 3, 4], mutants: [1, 2, 3, 0, 4], ...how });

test("mutants of other statuses follow the undetected ones of their group, before what is decided", () => {
  assert.deepEqual(mixed(), [1, 2, 3, 4, [QueueOrder.DECIDED, 0], 0]);
  assert.deepEqual(mixed({ by: "function" }), [
    ["subtotal · shop/cart.py", 1, 3], 1, 3, ["take · shop/stock.py", 2, 4], 2, 4, [QueueOrder.DECIDED, 0], 0]);
});

test("they are neither sorted by cost nor grouped by change, which the index does not know of them", () => {
  assert.deepEqual(mixed({ by: "cost" }), [2, 3, 1, 4, [QueueOrder.DECIDED, 0], 0]);
  assert.deepEqual(mixed({ by: "change" }).slice(-4), [["Other statuses: not compared by change", 4], 4, [QueueOrder.DECIDED, 0], 0]);
});

test("they are folded under nothing, not even on the line of a survivor", () => {
  const index = anIndex({ mutants: { ...facts.index.mutants, line: [5, 6, 6, 3, 3] } });
  const rows = plain(QueueOrder.rows(new page.Facts(index), { places: [2, 4], mutants: [1, 2, 3, 0, 4], by: "", isDecided: () => false, apart: true,
    unfolded: new Set(), closed: new Set(), flat: false }));
  assert.deepEqual(rows.map((/** @type {any} */ row) => [row.place, row.folded]), [[2, []], [4, []]]);
});

test("only a line that hides the wanted entry must be unfolded", () => {
  const over = (/** @type {number} */ place) => QueueOrder.foldOver(facts, { places: [0, 1, 2, 3, 4], by: "", isDecided: () => false, apart: true }, place);
  assert.deepEqual([over(0), over(1), over(4)], [undefined, facts.foldKey(2), undefined]);
});

test("a Markdown table says whether all of it is undetected", () => {
  assert.match(ListExport.markdown(head, [aRow()]), /^## Undetected mutants of shop\n/);
  assert.match(ListExport.markdown(head, [aRow(), aRow({ status: "killed" })]), /^## Mutants of shop\n/);
});
