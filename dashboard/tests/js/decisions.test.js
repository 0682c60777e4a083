"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");

const given = (overrides = {}) => ({ choice: "equivalent", reason: "same", who: "Ada", when: "2030-05-01", expires: "", standing: "applies", why: "", ...overrides });
const change = (/** @type {string} */ key, choice = "todo", reason = "") => ({ key, choice, reason, expires: "" });

test("a draft counts more than what was given, until it is undone", () => {
  const { Decisions } = load();
  const decisions = new Decisions("r", new Map([["t/a", given()]]));
  decisions.decide([change("t/a", "bug")]);
  assert.equal(decisions.choice("t/a"), "bug");
  assert.deepEqual(plain(decisions.undo()), ["t/a"]);
  assert.equal(decisions.choice("t/a"), "equivalent");
  assert.deepEqual(plain(decisions.undo()), []);
});

test("a decision that does not apply leaves its mutant open", () => {
  const { Decisions } = load();
  for (const standing of ["stale", "expired"]) assert.equal(new Decisions("r", new Map([["t/a", given({ standing })]])).choice("t/a"), "open");
});

test("many changes are one step back", () => {
  const { Decisions } = load();
  const decisions = new Decisions("r", new Map());
  decisions.decide([change("t/a")]);
  decisions.decide([change("t/a", "bug"), change("t/b", "bug")]);
  decisions.undo();
  assert.deepEqual(plain([decisions.choice("t/a"), decisions.choice("t/b")]), ["todo", "open"]);
});

test("drafts are kept by report, and one that triage.toml holds by now is forgotten", () => {
  const first = load();
  new first.Decisions("r", new Map()).decide([change("t/a", "equivalent", "same"), change("t/b")]);
  const again = load(Object.fromEntries(first.memory));
  assert.deepEqual([...new again.Decisions("r", new Map()).drafts.keys()], ["t/a", "t/b"]);
  assert.deepEqual([...new again.Decisions("other", new Map()).drafts.keys()], []);
  assert.deepEqual([...new again.Decisions("r", new Map([["t/a", given()]])).drafts.keys()], ["t/b"]);
});

test("opening what is open anyway leaves nothing to save", () => {
  const { Decisions } = load();
  const decisions = new Decisions("r", new Map([["t/a", given()]]));
  decisions.decide([change("t/b", "open")]);
  assert.equal(decisions.drafts.size, 0);
  decisions.decide([change("t/a", "open")]);
  assert.equal(decisions.drafts.size, 1);
});

test("a broken memory is no obstacle", () => {
  const { Decisions } = load({ "mutmut-dashboard:drafts:r": "{broken" });
  assert.equal(new Decisions("r", new Map()).drafts.size, 0);
});

test("the newest reasons come first, each once", () => {
  const { Decisions } = load();
  const decisions = new Decisions("r", new Map([["t/x", given({ reason: "old" })]]));
  decisions.decide([change("t/a", "accepted", "one")]);
  decisions.decide([change("t/b", "accepted", "two"), change("t/c", "accepted", "one")]);
  assert.deepEqual(plain(decisions.recentReasons()), ["one", "two", "old"]);
});
