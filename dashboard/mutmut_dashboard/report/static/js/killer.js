"use strict";
/** What is known of the test that noticed a mutant first: where it failed, with what, and what it said. */
const Killer = (() => {
  /** A text of any length in a frame that scrolls. @param {string} label @param {string} text */
  const framed = (label, text) => Dom.el("pre", { class: "diff tall", role: "region", "aria-label": label, tabindex: 0 }, Ansi.draw(text));

  /** @param {string} label @param {string} text */
  const said = (label, text) => [Dom.el("p", { class: "quiet" }, label), framed(label, text)];

  /** What a test printed ends with what it failed at. @param {string} text */
  const output = (text) => {
    const [label, frame] = said("What it printed and logged", text);
    queueMicrotask(() => { frame.scrollTop = frame.scrollHeight; }); // by then it stands in the page
    return [label, frame];
  };

  /** @param {Context} context @param {string[]} places */
  const where = (context, places) => Dom.el("p", { class: "quiet" }, "Failed at ",
    places.flatMap((place, at) => [at ? " → " : "", ...TestCode.link(context, place)]));

  /** @param {Context} context @param {MutantNumber} mutant @param {NonNullable<MutantDetail["kill"]>} kill @param {TestsChunk["tests"]} tests @returns {Node[]} */
  const draw = (context, mutant, kill, tests) => {
    const name = tests[kill.test]?.id ?? "";
    const { how = "assertion", exception = "AssertionError" } = kill;
    const places = (kill.places ?? []).map((place) => (typeof place === "number" ? `${name.split("::")[0]}:${place}` : place));
    return [
      Dom.el("p", {}, "Killed by ", tests[kill.test]
        ? Dom.el("a", { href: Route.format("tests", [context.facts.target(mutant), name]) }, Dom.el("code", {}, name))
        : Dom.el("code", {}, name || "an unknown test"), how ? `: ${how}.` : "."),
      ...(kill.message || exception ? [framed("The failure", [exception, kill.message].filter(Boolean).join(": "))] : []),
      ...(places.length ? [where(context, places)] : []),
      TestCode.draw(context, kill.test, name, places),
      ...(kill.example ? said("Falsifying example", kill.example) : []),
      ...(kill.output ? output(kill.output) : []),
    ];
  };

  return { draw };
})();
