"use strict";
/** What the queue says on paper, where nothing can be opened: which filters are on, each change in its lines, each decision with its reason. */
const Paper = (() => {
  /** @type {Map<string, Element> | undefined} */
  let changes;

  /** The changes that the page holds for readers without scripts, by the address of their mutant: printing waits for no data file. */
  const known = () => {
    changes ??= new Map([...document.querySelectorAll("#survivors tbody tr")].flatMap((row) => {
      const address = row.querySelector("[data-route]")?.getAttribute("data-route");
      const change = row.querySelector("pre.diff");
      return address && change ? [/** @type {[string, Element]} */ ([address, change])] : [];
    }));
    return changes;
  };

  /** @param {Context} context @param {MutantNumber} mutant */
  const details = (context, mutant) => (context.facts.placeOf[mutant] < 0
    ? Dom.el("div", { class: "on-paper" }, Dom.el("p", {}, Dom.el("code", { class: "quiet" }, context.index.mutants.id[mutant])))
    : undetected(context, mutant));

  /** @param {Context} context @param {MutantNumber} mutant */
  const undetected = (context, mutant) => Dom.el("div", { class: "on-paper" },
    known().get(context.facts.address(mutant))?.cloneNode(true)
      ?? Dom.el("p", { class: "quiet" }, "The lines around it are not on this page; a further page of survivors has them."),
    Dom.el("p", { class: "ruling" }, Ruling.words(context, mutant), " ", Dom.el("code", { class: "quiet" }, context.index.mutants.id[mutant])));

  /** The filters and the grouping in words; changed lines and a test are named above the list anyway.
   * @param {{ facet: QueueFacet, title: string }[]} columns @param {QueueQuery} query @param {string} by */
  const filters = (columns, { words, chosen }, by) => {
    const named = columns.flatMap(({ facet, title }) => {
      const names = facet === "changed" ? [] : chosen[facet] ?? [];
      return names.length ? [`${title}: ${names.join(", ")}`] : [];
    });
    return [...(words ? [`Search: ${words}`] : []), ...named, ...(by ? [`by ${by}`] : [])].join(" · ");
  };

  return { details, filters };
})();
