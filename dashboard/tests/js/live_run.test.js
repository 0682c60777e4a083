"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { load, plain } = require("./page.js");
const { anIndex } = require("./fixture.js");

const { Facts, LiveRun, LiveVerdicts } = load();
const SHOWN = anIndex().run; // run 2, complete; a1, a2 and b1 survived, a3 is uncovered, b2 was killed
const progress = (/** @type {object} */ facts = {}) => ({ run: 3, began: "2030-05-18T09:00:00+00:00", ended: false, judged: 41, total: 1200, goes_on: true,
  verdicts: {}, anew: false, more: false, cursor: "1@3", ...facts });
const theLive = (/** @type {object} */ overrides = {}) => new LiveVerdicts(new Facts(anIndex(overrides)));
/** What the page says after verdicts, by status. @param {object} verdicts @param {object} [facts] */
const after = (verdicts, facts = {}) => {
  const live = theLive();
  live.take(progress({ verdicts, anew: true, ...facts }));
  return { live, told: LiveRun.told(progress(facts), live) };
};

test("a run that goes on says how far it is", () => {
  assert.equal(LiveRun.told(progress(), theLive()).label, "run 3: 41 of 1,200");
  assert.equal(LiveRun.told(progress({ judged: 0, total: 0 }), theLive()).label, "run 3 begins");
});

test("one that has ended is offered, unless the page shows it already", () => {
  const ended = { ended: true, goes_on: false };
  const same = { ...ended, run: SHOWN.id, began: SHOWN.startedAt };
  assert.equal(LiveRun.told(progress(ended), theLive()).ready, true);
  assert.equal(LiveRun.told(progress(same), theLive()).label, "");
  assert.equal(LiveRun.told(progress({ ...same, goes_on: true }), theLive()).label, "");
  assert.equal(LiveRun.told(progress({ ...same, began: "in another store" }), theLive()).ready, true);
  assert.equal(LiveRun.told(progress(same), theLive({ run: { ...SHOWN, complete: false } })).ready, true);
});

test("one that was killed has stopped, and is not told where the page shows all of it", () => {
  const killed = { goes_on: false };
  const own = { ...killed, run: SHOWN.id, began: SHOWN.startedAt };
  assert.equal(LiveRun.told(progress(killed), theLive()).label, "run 3 stopped: 41 of 1,200");
  assert.equal(LiveRun.told(progress({ ...killed, judged: 0 }), theLive()).label, "");
  assert.equal(LiveRun.told(progress(own), theLive({ run: { ...SHOWN, complete: false } })).label, "");
});

test("what it finds otherwise than the page shows is counted by what it means", () => {
  const { told } = after({ cart: { killed: ["a1", "a2"], timeout: ["a3"] }, stock: { survived: ["b2"], error: ["b1"] } });
  assert.equal(told.label, "run 3: 41 of 1,200, 5 changed");
  assert.equal(told.words, "Run 3 goes on: 41 of 1,200 judged, 2 of your survivors are killed now, 1 of your survivors times out now, 1 new survivor, 1 other change.");
});

test("what it finds as the page shows it is no change, and what it has not judged is not told", () => {
  const { live, told } = after({ cart: { survived: ["a1"], uncovered: ["a3"] }, stock: { killed: ["b2"] } });
  assert.equal(told.changes, 0);
  assert.equal(live.sentence(0), "Run 3: survived, as on this page.");
  assert.equal(live.sentence(1), "");
});

test("mutants of other code are counted apart, and mark nothing", () => {
  const { live, told } = after({ cart: { survived: ["new1"], killed: ["new2"] }, gone: { uncovered: ["a1"] } });
  assert.equal(live.changed.size, 0);
  assert.match(told.words, /judged, 3 not on this page, 2 of them undetected\.$/);
});

test("a mutant that is judged once more is what it was judged last", () => {
  const { live } = after({ cart: { killed: ["a1"] } });
  live.turned.clear();
  live.take(progress({ verdicts: { cart: { survived: ["a1"] } } }));
  assert.equal(live.changed.size, 0);
  assert.deepEqual(plain([...live.turned]), [0]);
  assert.deepEqual(plain(live.of("killed")), []);
});

test("another run takes the marks of the last one away, and says which those were", () => {
  const { live } = after({ cart: { killed: ["a1"] } });
  live.turned.clear();
  live.take(progress({ run: 4, anew: true, verdicts: { cart: { killed: ["a2"] } } }));
  assert.deepEqual(plain([...live.changed]), [[1, "k"]]);
  assert.deepEqual(plain([...live.turned]), [0, 1]);
});

test("a store without a verdict that was told is asked for all again", () => {
  assert.equal(after({ cart: { killed: ["a1", "a2"] } }, { judged: 2 }).live.cursor, "1@3");
  assert.equal(after({ cart: { killed: ["a1", "a2"] } }, { judged: 1 }).live.cursor, "");
  assert.equal(after({ cart: { killed: ["a1", "a2"] } }, { judged: 9, more: true }).live.cursor, "1@3");
});

test("what was judged while nobody looked is asked for until all is told", async () => {
  const live = theLive();
  const answers = [progress({ anew: true, more: true, cursor: "1@3", verdicts: { cart: { killed: ["a1"] } } }),
    progress({ judged: 2, cursor: "2@3", verdicts: { cart: { killed: ["a2"] } } })];
  /** @type {string[]} */
  const asked = [];
  const last = await LiveRun.catchUp({ progress: async (_, cursor) => { asked.push(cursor); return answers[asked.length - 1]; } }, live);
  assert.deepEqual(asked, ["", "1@3"]);
  assert.equal(live.changed.size, 2);
  assert.equal(last?.more, false);
});

test("a server that does not answer leaves what was told, and the page says so once", () => {
  const { told } = after({ cart: { killed: ["a1"] } });
  const silent = LiveRun.unanswered(told);
  assert.equal(silent.label, "run 3: 41 of 1,200, 1 changed, no news");
  assert.equal(LiveRun.unanswered(silent), silent);
  assert.equal(LiveRun.unanswered(LiveRun.NOTHING).label, "");
});

test("it is heard when a run turns to another state, and of its changes only now and then", () => {
  const one = after({ cart: { killed: ["a1"] } }).told;
  const two = after({ cart: { killed: ["a1", "a2"] } }).told;
  assert.equal(LiveRun.isNews(LiveRun.NOTHING, one, 0), true);
  assert.equal(LiveRun.isNews(one, two, 29000), false);
  assert.equal(LiveRun.isNews(one, two, 30000), true);
  assert.equal(LiveRun.isNews(one, { ...one, words: "42 of 1,200 judged" }, 60000), false);
  assert.equal(LiveRun.isNews(two, after({}, { goes_on: false }).told, 0), true);
  assert.equal(LiveRun.isNews(two, LiveRun.NOTHING, 60000), false);
});
