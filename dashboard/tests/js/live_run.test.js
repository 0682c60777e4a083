"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load } = require("./page.js");

const { LiveRun } = load();
const progress = (/** @type {object} */ facts) => ({ run: 13, ended: false, judged: 41, total: 1200, undetected: 3, goes_on: true, ...facts });

test("a run that goes on says how far it is", () => {
  assert.equal(LiveRun.told(progress({}), 12).label, "run 13: 41 of 1,200");
  assert.equal(LiveRun.told(progress({ judged: 0, total: 0 }), 12).label, "run 13 begins");
});

test("one that has ended is offered, unless the page shows it already", () => {
  assert.equal(LiveRun.told(progress({ ended: true, goes_on: false }), 12).ready, true);
  assert.equal(LiveRun.told(progress({ ended: true, goes_on: false }), 13).label, "");
  assert.equal(LiveRun.told(progress({ ended: true, goes_on: true }), 13).label, "");
});

test("of one that was killed nothing is said", () => {
  assert.equal(LiveRun.told(progress({ goes_on: false }), 12).label, "");
});
