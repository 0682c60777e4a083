"use strict";
/** One test in full: its numbers, what it killed, and the way to what it ran without noticing. */
const TestDetail = (() => {
  const MOST = 50;

  /** @param {string} label @param {string | Node | null} value */
  const fact = (label, value) => value !== null && Dom.el("div", {}, Dom.el("dt", {}, label), Dom.el("dd", {}, value));

  /** @param {Context} context @param {MutantNumber} mutant */
  const killedRow = (context, mutant) => Dom.el("li", {}, Dom.el("a", { href: context.facts.address(mutant) },
    Dom.status(context.facts.status(mutant), false), " ", Dom.el("code", {}, context.facts.functionName(mutant))),
  Dom.el("span", { class: "quiet" }, ` ${context.facts.place(mutant)}, ${context.facts.operator(mutant)}`));

  /** What a remark means for the reader. @param {string} remark */
  const advice = (remark) => {
    if (remark.startsWith("kills nothing")) return "It fails on no mutant. It may assert too little, or check what others check before it.";
    if (remark.startsWith("never")) return "Another test failed before it on each mutant that was killed, and nobody asked this one. A run with --matrix does.";
    if (remark.startsWith("redundant")) return "Other tests fail on everything it fails on.";
    if (remark.startsWith("did not pass")) return "It did not pass on the original, so it judged nothing.";
    return "";
  };

  /** @param {Context} context @param {TestsChunk["tests"][number]} test */
  const killed = (context, test) => Dom.el("section", { class: "part" }, Dom.el("h3", {}, `Killed ${Words.plural(test.killed.length, "mutant")}`),
    Dom.longList("line-list", test.killed, MOST, (mutant) => killedRow(context, mutant)));

  /** @param {Context} context @param {TestsChunk["tests"][number]} test @param {[FunctionNumber, number][]} functions */
  const seldom = ({ index }, test, functions) => {
    const row = (/** @type {[FunctionNumber, number]} */ [name, examples]) => Dom.el("li", {},
      Dom.el("a", { href: Route.source(index.files[index.functions.file[name]].path, index.functions.line[name]) }, Dom.el("code", {}, index.functions.name[name])),
      Dom.el("span", { class: "examples" }, Examples.words(examples, test.examples)));
    return Dom.el("section", { class: "part" }, Dom.el("h3", {}, `Hardly ever reaches ${Words.plural(functions.length, "function")}`),
      Dom.el("p", { class: "quiet" }, "Fewer than one example in ten goes there; a narrower strategy or an @example would test more of it."), Dom.longList("test-list", functions, MOST, row));
  };

  /** Open survivors of the functions in which a test fails on other mutants, in the order of the queue.
   * @param {Pick<Context, "index" | "facts" | "choice">} context @param {MutantNumber[]} killed @returns {MutantNumber[]} */
  const withinReach = ({ index, facts, choice }, killed) => {
    const functions = new Set(killed.map((mutant) => index.mutants.function[mutant]));
    return index.queue.mutant.filter((mutant) => functions.has(index.mutants.function[mutant])
      && facts.status(mutant) === "s" && ["open", "todo"].includes(choice(mutant)));
  };

  /** @param {Context} context @param {MutantNumber[]} survivors */
  const near = (context, survivors) => Dom.el("section", { class: "part within-reach" },
    Dom.el("h3", {}, `${Words.plural(survivors.length, "survivor")} within its reach`),
    Dom.el("p", { class: "quiet" }, "It fails on other mutants of their functions, so one assertion more in it may be all they need."),
    Dom.el("ul", { class: "line-list" }, survivors.slice(0, MOST).map((mutant) => killedRow(context, mutant))));

  /** @param {Context} context @param {string} file @param {number} line */
  const editorLink = ({ index }, file, line) => {
    const address = Copies.editor(index.editor, index.root, file, line);
    return address ? [" · ", Dom.el("a", { href: address, rel: "noreferrer" }, "open in editor")] : [];
  };

  /** @param {Context} context @param {HTMLElement} host @param {TestsChunk["tests"]} tests @param {TestNumber} number @param {() => void} back */
  const show = (context, host, tests, number, back) => {
    const test = tests[number];
    if (!test) {
      Dom.fill(host, Dom.el("p", { class: "quiet" }, "Choose a test to see what it killed and what it ran without noticing."));
      return;
    }
    const { index } = context;
    const target = index.targets[test.target].name;
    const split = test.id.indexOf("::");
    const missed = test.ran - test.killed.length;
    const file = split < 0 ? test.id : test.id.slice(0, split);
    const place = Dom.el("span", {}, editorLink(context, file, 1));
    const command = Copies.pytest([test.id]);
    const survivors = withinReach({ index, facts: context.facts, choice: (mutant) => context.choice(mutant) }, test.killed);
    Dom.fill(host, Dom.el("button", { type: "button", class: "back", onclick: back }, "← Tests"),
      Dom.el("header", { class: "mutant-head" }, Dom.el("h2", { tabindex: -1 }, Dom.el("code", {}, split < 0 ? test.id : test.id.slice(split + 2))),
        Dom.el("p", { class: "meta" }, split < 0 ? "" : file, place, index.targets.length > 1 && ` · target ${target}`)),
      test.remark && Dom.el("p", {}, Dom.el("b", { class: "remark" }, test.remark), ` ${advice(test.remark)}`),
      Dom.el("dl", { class: "facts test-facts" },
        fact("on the original", `${test.outcome}, ${Words.duration(test.seconds)}`),
        fact("kind", test.property ? `property${test.examples ? `, ${Words.plural(test.examples, "example")} in the clean run` : ""}` : "example-based test"),
        fact("ran", Words.plural(test.ran, "mutant")), fact("killed", Words.number(test.killed.length)),
        test.alone >= 0 ? fact("killed alone", Words.number(test.alone)) : null,
        fact("by assertion", Words.number(test.assertions)), fact("by crash", Words.number(test.exceptions))),
      Dom.el("p", {}, Dom.el("a", { href: Route.format("queue", [], { test: `${target}/${test.id}` }) }, "Undetected mutants it ran"),
        missed > 0 && Dom.el("span", { class: "quiet" }, index.matrix ? ` (of ${Words.number(missed)} it ran and passed on)` : ` (of ${Words.number(missed)} it ran and was not first to kill)`)),
      Dom.el("dl", { class: "commands" }, Dom.el("div", {}, Dom.el("dt", {}, "run it"), Dom.el("dd", {}, Dom.el("code", {}, command), Dom.copy(command, "the command that runs it")))),
      TestCode.draw(context, number, test.id, [], (line) => {
        Dom.fill(place, `:${line}`, editorLink(context, file, line));
      }),
      survivors.length > 0 && near(context, survivors),
      test.seldom ? seldom(context, test, test.seldom) : null, test.killed.length > 0 && killed(context, test));
  };

  return { show, withinReach };
})();
