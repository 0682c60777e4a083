"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const { Route } = load();

test("an address keeps any text", () => {
  for (const text of ["a/b", "x?y&z=1#2", "100 %", "żółć 💥", "<script>", "  "]) {
    const place = Route.parse(Route.format("mutant", ["t", text], { q: text }));
    assert.deepEqual(plain(place), { view: "mutant", rest: ["t", text], query: { q: text } });
  }
});

test("empty values are left out", () => {
  assert.equal(Route.format("queue", [], { q: "", m: undefined, group: "line" }), "#/queue?group=line");
});

test("a source address shows its slashes", () => {
  assert.equal(Route.source("a b/c.py", 7), "#/source/a%20b/c.py?line=7");
  assert.deepEqual(plain(Route.parse("#/source/a%20b/c.py?line=7").rest), ["a b", "c.py"]);
});

test("the page is known without view, and without what a query may let in", () => {
  assert.equal(Route.page("file:///my%20site/index.html#/queue?q=a#b"), "file:///my%20site/index.html");
  assert.equal(Route.page("http://127.0.0.1:8000/?token=s3cret#/queue"), "http://127.0.0.1:8000/");
});

test("what is no address of ours is nothing", () => {
  for (const hash of ["", "#", "#honesty", "#/nowhere", "#/%E0%A4%A", "#/queue?%E0%A4%A=1", "#/queue/%"]) assert.equal(Route.parse(hash), undefined, hash);
});

test("half a character becomes a question mark instead of an error", () => {
  assert.equal(Route.format("mutant", ["t", "a\ud800b"]), "#/mutant/t/a%3Fb");
  assert.equal(Route.whole("💥\udc00"), "💥?");
});

test("a query is no object with inherited names", () => {
  assert.equal(Route.parse("#/queue").query.constructor, undefined);
});

test("a name in a query may hold what parts names and values", () => {
  const query = { "sort-files-a&b=c+d%": "-undecided" };
  assert.deepEqual(plain(Route.parse(Route.format("overview", [], query)).query), query);
});

test("several names in one value may hold commas", () => {
  const names = ["a,b/", "100 %2C/", "c/"];
  const { query } = Route.parse(Route.format("overview", [], { fold: Route.join(names) }));
  assert.deepEqual(plain(Route.split(query.fold)), names);
});

test("an operator's place has the name that Python gives it", () => {
  assert.equal(Route.operator("swap-op ü_"), "#operator-swap_2d_op-_fc__5f_");
});
