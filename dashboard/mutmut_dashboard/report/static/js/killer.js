"use strict";
/** What is known of the test that noticed a mutant first: where it failed, with what, and what it said. */
const Killer = (() => {
  /** @param {string} label @param {string} text */
  const said = (label, text) => [Dom.el("p", { class: "quiet" }, label), Dom.el("pre", { class: "diff", tabindex: 0 }, Ansi.draw(text))];

  /** @param {Context} context @param {string[]} places */
  const where = (context, places) => Dom.el("p", { class: "quiet" }, "Failed at ",
    places.flatMap((place, at) => (at ? [" → ", TestCode.link(context, place)] : [TestCode.link(context, place)])));

  /** @param {Context} context @param {MutantNumber} mutant @param {NonNullable<MutantDetail["kill"]>} kill @param {TestsChunk["tests"]} tests @returns {Node[]} */
  const draw = (context, mutant, kill, tests) => {
    const name = tests[kill.test]?.id ?? "";
    const places = (kill.places ?? []).map((place) => (typeof place === "number" ? `${name.split("::")[0]}:${place}` : place));
    return [
      Dom.el("p", {}, "Killed by ", tests[kill.test]
        ? Dom.el("a", { href: Route.format("tests", [context.facts.target(mutant), name]) }, Dom.el("code", {}, name))
        : Dom.el("code", {}, name || "an unknown test"), kill.how ? `: ${kill.how}.` : "."),
      ...(kill.message || kill.exception ? [Dom.el("pre", { class: "diff", tabindex: 0 }, Ansi.draw([kill.exception, kill.message].filter(Boolean).join(": ")))] : []),
      ...(places.length ? [where(context, places)] : []),
      TestCode.draw(context, kill.test, name, places),
      ...(kill.example ? said("Falsifying example", kill.example) : []),
      ...(kill.output ? said("What it printed and logged", kill.output) : []),
    ];
  };

  return { draw };
})();
