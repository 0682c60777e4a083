"use strict";
/** The sections of a mutant: what is known of it, in the order of a reader's questions. */
const MutantSections = (() => {
  /** All that a section draws from.
   * @typedef {{ context: Context, mutant: MutantNumber, chunk: FileChunk, detail: MutantDetail, tests: TestsChunk["tests"] }} About */

  const NOT_RECORDED = "Which tests run it was not recorded.";
  /** Tests listed before the rest is folded away. */
  const MOST_TESTS = 8;
  const STEPS = ["called", "line run", "result differs", "reaches the test", "asserted"];

  /** @param {string} title @param {...(Node | string | false | null | (Node | string)[])} content */
  const section = (title, ...content) => Dom.el("section", { class: "part" }, Dom.el("h3", {}, title), ...content);

  /** @param {string} words */
  const nothing = (words) => Dom.el("p", { class: "quiet" }, words);

  /** Numbers of the tests that ran it. @param {About} about @returns {TestNumber[]} */
  const ran = ({ chunk, detail }) => (detail.tests === undefined ? [] : chunk.testSets[detail.tests] ?? []);

  /** Signs of the other mutants on a line. @param {About} about @param {number} line */
  const dots = ({ context: { facts }, mutant }, line) => {
    const others = facts.onLine(facts.fileOf(mutant), line).filter((other) => other !== mutant);
    if (!others.length) return null;
    const survivors = others.filter((other) => "su".includes(facts.status(other))).length;
    const words = `${Words.plural(others.length, "other mutant")} on line ${line}, ${survivors} undetected`;
    return Dom.el("span", { class: "line-mutants", role: "img", title: words, "aria-label": words }, Dots.draw(others.map((other) => facts.status(other))));
  };

  /** Which change it stands in the shadow of, or which ones stand in its own. @param {About} about */
  const shadow = ({ context, mutant, chunk }) => {
    const { facts } = context;
    const outer = facts.shadow(mutant);
    const others = outer === undefined ? facts.shadowed(mutant) : [outer];
    if (!others.length) return null;
    const list = Dom.el("ul", { class: "line-list" }, others.map((other) => LinePanel.row(context, chunk, other)));
    if (outer !== undefined) {
      return section("In the shadow of", list, nothing("That takes away the whole of what this changes a part of, and no test notices. Begin there."));
    }
    return section(`Shadows ${Words.plural(others.length, "other")}`, list,
      nothing("They change parts of what this takes away. A test that notices it is gone may notice them, too."));
  };

  /** The other mutants that begin on the same line. @param {About} about */
  const neighbours = ({ context, mutant, chunk }) => {
    const { facts } = context;
    const line = facts.line(mutant);
    const others = facts.onLine(facts.fileOf(mutant), line).filter((other) => other !== mutant);
    if (!others.length) return null;
    return section(`Also on line ${line}`, Dom.el("ul", { class: "line-list" }, others.map((other) => LinePanel.row(context, chunk, other))),
      Dom.el("p", {}, Dom.el("a", { href: Route.source(facts.file(mutant).path, line) }, "The line in its file")));
  };

  /** @param {About} about */
  const diff = (about) => {
    const { chunk, detail } = about;
    const rows = Code.excerpt(chunk, detail);
    if (rows.length) {
      const ways = rows.flatMap(({ line, kind }) => (kind !== "new" && line && chunk.partial[String(line)] ? [chunk.partial[String(line)]] : []));
      return Dom.el("section", { class: "part change-part" }, Dom.el("h3", { class: "sr" }, "The change"),
        Dom.el("table", { class: "code", "aria-label": "The change in its source" },
          Dom.el("tbody", {}, rows.map((row) => Code.tableRow(chunk, row, (line) => dots(about, line))))),
        ways.length > 0 && Dom.el("p", { class: "quiet" }, `${Words.sentence(ways.join("; "))}`));
    }
    if (detail.diff) return section("The change", Dom.el("pre", { class: "diff", tabindex: 0 }, detail.diff));
    return section("The change", nothing("The source was not recorded; a new run records it."));
  };

  /** How far a survivor got: steps reached, and from where on nothing is known. @param {About} about */
  const reached = ({ context, mutant, chunk, detail }) => {
    if (detail.diagnosis) return { steps: detail.diagnosis.stage, known: STEPS.length, words: detail.diagnosis.sentence };
    const called = chunk.testsOfFunction[String(context.index.mutants.function[mutant])] !== undefined;
    const count = ran({ context, mutant, chunk, detail, tests: [] }).length;
    if (!count && context.facts.status(mutant) !== "u") return { steps: 0, known: 0, words: NOT_RECORDED };
    if (!count || context.facts.status(mutant) === "u") {
      return called
        ? { steps: 1, known: 5, words: "Tests call the function, but none runs this line." }
        : { steps: 0, known: 5, words: "No test calls this function." };
    }
    const exact = detail.exact !== false;
    const words = exact
      ? `${count === 1 ? "One test runs" : `${Words.number(count)} tests run`} this line, and none fails when it changes.`
      : `${count === 1 ? "One test calls" : `${Words.number(count)} tests call`} this function; which of them run the line is not recorded.`;
    return { steps: exact ? 2 : 1, known: exact ? 2 : 1, words };
  };

  /** @param {About} about */
  const why = (about) => {
    const { steps, known, words } = reached(about);
    const title = about.context.facts.status(about.mutant) === "u" ? "Why no test notices" : "Why it survived";
    const said = known < STEPS.length && " Whether its result differs was not recorded: this run holds no diagnosis.";
    const { hardly } = about.detail;
    return section(title, Dom.el("ol", { class: "steps" }, STEPS.map((step, at) => {
      const [css, state] = at < steps ? ["reached", "reached"] : at < known ? ["stopped", "not reached"] : ["unknown", "not recorded"];
      return Dom.el("li", { class: css }, step, Dom.el("span", { class: "sr" }, `: ${state}`));
    })), Dom.el("p", {}, words, said && Dom.el("span", { class: "quiet" }, said)),
    hardly ? Dom.el("p", { class: "hardly", title: "said where fewer than one example in ten does; a test without examples counts as one" }, Examples.advice(hardly)) : null);
  };

  /** @param {About} about */
  const witness = ({ detail }) => {
    const rows = detail.diagnosis?.witness;
    if (!rows?.length) return section("Witness", nothing("None recorded: a diagnosis records arguments for which the two differ."));
    return section("Witness", Dom.el("div", { class: "scroll", role: "region", "aria-label": "Witness", tabindex: 0 },
      Dom.el("table", { class: "list witness" },
        Dom.el("thead", {}, Dom.el("tr", {}, ["", "original", "mutant"].map((title) => Dom.el("th", { scope: "col" }, title || Dom.el("span", { class: "sr" }, "what"))))),
        Dom.el("tbody", {}, rows.map((row) => Dom.el("tr", { class: row.original === row.mutant ? "" : "differs" },
          Dom.el("th", { scope: "row" }, row.label), Dom.el("td", {}, Dom.el("code", {}, row.original)), Dom.el("td", {}, Dom.el("code", {}, row.mutant))))))));
  };

  /** @param {About} about */
  const suggestion = ({ detail }) => {
    const text = detail.diagnosis?.suggestion;
    return section("Suggested test", text
      ? [Dom.el("pre", { class: "diff", tabindex: 0 }, text), Dom.copy(text, "the suggested test")]
      : nothing("None recorded: a diagnosis suggests one where it finds a witness."));
  };

  /** How many examples of each test reach a mutant's function. @param {About} about */
  const reaching = ({ context: { index }, chunk, mutant, tests }) => Examples.reaching(chunk, index.mutants.function[mutant], tests);

  /** @param {Context} context @param {TestsChunk["tests"]} tests @param {(test: TestNumber) => number | undefined} reaching @param {TestNumber} number */
  const testRow = (context, tests, reaching, number) => {
    const test = tests[number];
    if (!test) return Dom.el("li", {}, `test ${number}`);
    const split = test.id.indexOf("::");
    const count = reaching(number);
    const hint = count === undefined ? null : count < 0 ? "how many of them reach the function was not counted" : "of its examples reach the function";
    return Dom.el("li", {},
      Dom.el("a", { href: Route.format("tests", [context.index.targets[test.target].name, test.id]), title: test.id },
        Dom.el("code", {}, split < 0 ? test.id : test.id.slice(split + 2))),
      Dom.el("span", { class: "examples", title: hint }, Examples.words(count, test.examples)),
      Dom.el("span", { class: "number" }, Words.duration(test.seconds)));
  };

  /** Links of the tests, the fastest first; beyond a few the rest is drawn on demand.
   * @param {About} about @param {TestNumber[]} numbers */
  const testList = (about, numbers) => {
    const order = [...numbers].sort((one, other) => (about.tests[one]?.seconds ?? 0) - (about.tests[other]?.seconds ?? 0));
    const examples = reaching(about);
    return Dom.longList("test-list", order, MOST_TESTS, (number) => testRow(about.context, about.tests, examples, number));
  };

  /** What the examples beside the tests are counted by. @param {About} about @param {TestNumber[]} numbers */
  const examplesSaid = (about, numbers) => {
    const counts = numbers.map(reaching(about)).filter((count) => count !== undefined);
    if (!counts.length) return "";
    return counts.every((count) => count < 0)
      ? " How many of the examples reach the function was not counted in this run."
      : " Beside a property: how many of its examples reach the function.";
  };

  /** @param {About} about */
  const tests = (about) => {
    const numbers = ran(about);
    if (!numbers.length) return section("Tests that ran it", nothing(about.context.facts.status(about.mutant) === "u" ? "None." : NOT_RECORDED));
    const seconds = numbers.reduce((sum, number) => sum + (about.tests[number]?.seconds ?? 0), 0);
    const how = about.detail.exact === false ? "call the function" : "run the line";
    return section(`Tests that ${how}`, Dom.el("p", { class: "quiet" },
      `${Words.plural(numbers.length, "test")}, ${Words.duration(seconds)} together on the original.${examplesSaid(about, numbers)}`), testList(about, numbers));
  };

  /** @param {About} about */
  const detection = (about) => {
    const { context, detail, mutant, tests: known } = about;
    const parts = [];
    if (detail.versions) parts.push(Dom.el("p", {}, `By Python version: ${Words.versions(detail.versions)}.`));
    if (detail.ended) parts.push(Dom.el("p", {}, Ansi.draw(detail.ended)));
    if (detail.skipReason) parts.push(Dom.el("p", {}, "Left out: ", detail.skipReason));
    if (detail.kill) parts.push(...Killer.draw(context, mutant, detail.kill, known));
    if (detail.kills?.length) {
      parts.push(Dom.el("p", {}, `${Words.plural(detail.kills.length, "test fails", "tests fail")} on it:`),
        ...testList(about, detail.kills.map(([test]) => test)),
        Dom.el("p", {}, Dom.el("a", { href: MatrixView.address(context, context.index.mutants.function[mutant]) }, "All tests and mutants of this function")));
    }
    return parts.length ? section("How it ended", parts) : null;
  };

  /** @param {About} about */
  const history = ({ context: { index }, detail }) => {
    const letters = [...detail.history];
    return section("History", Dom.el("p", {}, Dom.el("span", { class: "history" }, letters.slice(-30).map((letter, at) => {
      const run = index.runs[at + Math.max(0, letters.length - 30)];
      const known = Words.STATUS[letter] ?? Words.STATUS["."];
      const words = `${known.word} in the run of ${Words.moment(run?.startedAt ?? "")}`;
      return Dom.el("span", { class: `status ${known.word}`, title: words }, Dom.el("span", { "aria-hidden": "true" }, known.sign));
    })), " ", Words.past(detail.history, index.runs), "."));
  };

  /** @param {About} about */
  const cost = ({ detail }) => detail.cost && section("Cost", Dom.el("p", {},
    `${Words.duration(detail.cost[0])} to judge, ${Words.duration(detail.cost[1])} of processor time, ${Words.plural(detail.cost[2], "test")} run. `, Dom.el("a", { href: "#/costs" }, "The slowest of the run")));

  /** @param {string} label @param {string} text */
  const command = (label, text) => Dom.el("div", {}, Dom.el("dt", {}, label),
    Dom.el("dd", {}, Dom.el("code", {}, text.length > 400 ? `${text.slice(0, 400)}…` : text), Dom.copy(text, label)));

  /** @param {About} about */
  const take = (about) => {
    const { context: { index, facts }, mutant, detail, tests: known } = about;
    const id = index.mutants.id[mutant];
    const numbers = ran(about).filter((number) => known[number]);
    const ids = numbers.map((number) => known[number].id);
    const examples = reaching(about);
    const file = facts.file(mutant);
    const editor = Copies.editor(index.editor, index.root, file.path, facts.line(mutant));
    const issue = Copies.issue({
      place: facts.place(mutant), functionName: facts.functionName(mutant), status: Words.STATUS[facts.status(mutant)].word,
      operator: facts.operator(mutant), id, original: detail.original, replacement: detail.replacement,
      sentence: [reached(about).words, detail.hardly && Examples.advice(detail.hardly)].filter(Boolean).join(" "),
      tests: numbers.map((number) => ({ id: known[number].id, examples: Examples.words(examples(number), known[number].examples) })), commit: index.run.commit.slice(0, 10),
    });
    const python = file.path.endsWith(".py");
    const name = MutmutName.of(about.chunk, index.mutants.function[mutant], detail);
    const patch = Patch.of(file.path, about.chunk, detail);
    const own = Code.lines(about.chunk)[facts.line(mutant) - 1];
    return section("Take along", Dom.el("dl", { class: "commands" },
      python ? command("judge it again, for real", `mutmut-dashboard verify ${id}`) : null,
      python ? command("judge its function again and record it", Copies.run(facts.target(mutant), facts.functionName(mutant))) : null,
      patch ? command("plant it in your source; git apply -R takes it out", Patch.command(patch)) : null,
      "su".includes(facts.status(mutant)) ? command("decide on the command line", `mutmut-dashboard decide ${id} todo`) : null,
      ...(name && python ? [command("show it by mutmut's name", Copies.mutmut("show", name)), command("let mutmut judge it again", Copies.mutmut("run", name)),
        command("let mutmut write it into the source", Copies.mutmut("apply", name))] : []),
      ids.length ? command("run the tests that ran it", Copies.pytest(ids)) : null,
      python ? command("leave the line out from now on", `${own && patch ? `${own.trim()}  ` : ""}# pragma: no mutate`) : null,
      "su".includes(facts.status(mutant)) ? command("text for an issue", issue) : null,
      Dom.el("div", {}, Dom.el("dt", {}, "this place"), Dom.el("dd", {}, Dom.el("code", {}, facts.place(mutant)),
        editor ? Dom.el("a", { href: editor, rel: "noreferrer" }, "open in editor") : Dom.copy(facts.place(mutant), "file and line")))));
  };

  /** @param {About} about @returns {(HTMLElement | null | undefined)[]} */
  const all = (about) => {
    const undetected = "su".includes(about.context.facts.status(about.mutant));
    return [diff(about), ...(undetected ? [why(about), witness(about), suggestion(about)] : [detection(about)]),
      shadow(about), neighbours(about), tests(about), history(about), cost(about), take(about)];
  };

  return { all, reached, testRow };
})();
