"use strict";
/** What is known of one line: its function, its coverage, the mutants on it and the tests that run it. */
const LinePanel = (() => {
  const MOST_TESTS = 20;

  /** The innermost function around a line. @param {Index} index @param {FileNumber} file @param {number} line */
  const functionAt = (index, file, line) => {
    const { name, file: files, line: starts, end } = index.functions;
    let best = -1;
    for (let at = 0; at < name.length; at += 1) {
      if (files[at] === file && starts[at] <= line && line <= end[at] && (best < 0 || starts[at] >= starts[best])) best = at;
    }
    return best;
  };

  /** @param {Context} context @param {FileChunk} chunk @param {MutantNumber} mutant */
  const row = (context, chunk, mutant) => {
    const { facts } = context;
    const detail = context.detail(chunk, mutant);
    const choice = context.choice(mutant);
    const short = (/** @type {string} */ text) => Words.oneLine(text, 80);
    return Dom.el("li", {}, Dom.el("a", { href: facts.placeOf[mutant] >= 0 ? Route.format("queue", [], { m: facts.key(mutant) }) : facts.address(mutant) },
      Dom.status(facts.status(mutant), false), " ", Dom.change(short(detail.original), short(detail.replacement))),
    Dom.el("span", { class: "quiet" }, ` ${Words.STATUS[facts.status(mutant)].word}${choice === "open" ? "" : `, ${choice}`}, ${facts.operator(mutant)}`),
    context.again && Dom.el("p", { class: "again-words", "data-again": facts.key(mutant) }));
  };

  /** Write beside the mutants what judging them again showed, and what a run that goes on says. @param {Context} context @param {HTMLElement} host */
  const told = ({ again, live, facts }, host) => {
    for (const place of host.querySelectorAll("[data-again]")) {
      const key = place.getAttribute("data-again") ?? "";
      Dom.tell(place, [Again.sentence(again?.found(key)), live?.sentence(facts.find(key) ?? -1)].filter(Boolean).join(" "));
    }
  };

  /** @param {Context} context @param {HTMLElement} host @param {{ file: FileNumber, line: number, chunk: FileChunk }} about */
  const show = async (context, host, { file, line, chunk }) => {
    if (!line) {
      Dom.fill(host, Dom.el("p", { class: "quiet" }, "Choose a line with mutants: j and k step through them."));
      return;
    }
    const { index, facts } = context;
    const inside = functionAt(index, file, line);
    const mutants = facts.onLine(file, line);
    const words = Code.coverageWords(chunk, line).replace(/^line \d+: /, "");
    Dom.fill(host, Dom.el("h3", {}, `Line ${line}`, inside >= 0 && [" in ", Dom.el("a", {
      href: Route.format("queue", [], Filter.write({ words: "", chosen: { function: [`${index.files[file].path}:${index.functions.name[inside]}`] } })),
      title: "Its survivors in the queue" }, Dom.el("code", {}, index.functions.name[inside]))]),
    Dom.el("p", { class: "quiet" }, words ? Words.sentence(words) : "No code, or its coverage is not recorded."),
    Dom.el("h4", {}, Words.plural(mutants.length, "mutant")),
    Dom.el("ul", { class: "line-list" }, mutants.map((mutant) => row(context, chunk, mutant))));
    told(context, host);
    const place = Dom.el("div", {});
    host.append(place);
    const numbers = chunk.testSets[chunk.testsOfLine[String(line)]] ?? [];
    if (!numbers.length) return;
    const { tests } = await Data.tests(index);
    const reaching = Examples.reaching(chunk, inside, tests);
    Dom.fill(place, Dom.el("h4", {}, `${Words.plural(numbers.length, "test runs it", "tests run it")}`),
      ...Dom.longList("test-list", numbers, MOST_TESTS, (number) => MutantSections.testRow(context, tests, reaching, number)));
  };

  return { functionAt, row, told, show };
})();
