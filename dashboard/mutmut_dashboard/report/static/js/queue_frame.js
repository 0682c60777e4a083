"use strict";
/** The elements of the queue's view: filters, tools, list and the place of the mutant. */
const QueueFrame = (() => {
  /** @param {{ search: (words: string) => void, group: (by: string) => void, decide: () => void, take: () => void, drawer: (open: boolean) => void }} on */
  const make = (on) => {
    const search = Dom.el("input", { id: "queue-search", type: "search", autocomplete: "off", spellcheck: "false",
      placeholder: "code, function, file, operator, id", "aria-label": "Search the queue", oninput: () => on.search(search.value) });
    const shown = Dom.el("p", { class: "shown quiet", role: "status" });
    const bar = Dom.el("progress", { max: 1, "aria-labelledby": "progress-words" });
    const progress = Dom.el("span", { id: "progress-words" });
    const group = Dom.el("select", { id: "queue-group", onchange: () => on.group(group.value) },
      ["", ...QueueOrder.CHOICES].map((name) => Dom.el("option", { value: name }, name || "priority")));
    const rule = Dom.el("p", {});
    const note = Dom.el("details", { class: "order-note" }, Dom.el("summary", {}, "How this is ordered"), rule,
      Dom.el("p", {}, "What is decided is folded at the end, so the keys lead through what is left to do. A filter by decision shows it in its place."));
    const chip = Dom.el("p", { class: "chip", hidden: true });
    const base = Dom.el("p", { class: "chip", hidden: true });
    const filtered = Dom.el("p", { class: "paper-only" });
    const rows = Dom.el("ol", { class: "rows" });
    const empty = Dom.el("div", { class: "empty", hidden: true, tabindex: -1 });
    const facets = Dom.el("div", { class: "facets" });
    const tests = Dom.el("div", { class: "facets" });
    const side = Dom.el("div", { class: "pane side", id: "queue-filters", role: "region", "aria-label": "Filters", tabindex: -1 },
      Dom.el("p", { class: "side-head" }, Dom.el("button", { type: "button", class: "close-filters", onclick: () => on.drawer(false) }, "Close filters")), facets, tests);
    const filterButton = Dom.el("button", { type: "button", class: "open-filters", "aria-expanded": "false", "aria-controls": "queue-filters",
      onclick: () => on.drawer(true) }, "Filters");
    const decide = Dom.el("button", { type: "button", class: "bulk-button", onclick: () => on.decide() });
    const scroll = Dom.el("div", { class: "list-scroll" }, rows, empty);
    const middle = Dom.el("div", { class: "pane middle" }, Dom.el("div", { class: "tools" },
      Dom.el("p", { class: "progress" }, progress, bar),
      Dom.el("p", { class: "search-line" }, search, filterButton), base, chip,
      Dom.el("div", { class: "tool-line" }, shown, Dom.el("span", {}, Dom.el("label", { for: "queue-group" }, "by "), group),
        decide,
        Dom.el("button", { type: "button", class: "bulk-button", onclick: () => on.take() }, "export…"),
        note), filtered), scroll);
    const pane = Dom.el("article", { class: "pane mutant-pane", "aria-label": "Mutant", tabindex: -1 });
    const element = Dom.el("div", { class: "panes" }, side, middle, pane);
    /** Say why nothing is left to do. @param {number} all @param {number} shown @param {() => void} clear @param {string} words what was searched for */
    const nothing = (all, shown, clear, words) => Dom.fill(empty, shown ? Dom.el("p", { class: "good" }, "Everything shown is decided.") : all
      ? [Dom.el("p", {}, "Nothing in the queue matches. ", MutmutName.parse(words) ? "mutmut's own names are found by go to (Ctrl-K). " : ""), Dom.el("button", { type: "button", onclick: clear }, "Show everything")]
      : [Dom.el("p", { class: "good" }, "No survivors."), Dom.el("p", {}, Dom.el("a", { href: "#/tests" }, "Tests"), " shows which properties kill nothing.")]);
    /** What is done is told of the queue, whatever is listed.
     * @param {{ size: number, listed: number }} table @param {number[]} places what is shown of it @param {number} decided */
    const count = ({ size, listed }, places, decided) => {
      const wide = size > listed;
      const [all, some] = [Words.number(size), Words.number(places.length)];
      const undetected = wide ? places.filter((place) => place < listed).length : places.length;
      shown.textContent = places.length === size ? Words.plural(size, "mutant") : wide ? `${some} of all ${all} mutants` : `${some} of ${all} shown`;
      progress.textContent = `${Words.number(decided)} of ${Words.number(listed)} decided`;
      bar.max = Math.max(1, listed);
      bar.value = decided;
      decide.textContent = undetected && undetected < places.length ? "decide undetected…" : "decide these…";
      decide.disabled = wide && !undetected;
      decide.title = decide.disabled ? "None of these is undetected, so there is nothing to decide." : "";
      search.placeholder = wide ? "function, file, operator, id" : "code, function, file, operator, id";
    };
    return { nothing, count, rule, search, shown, group, chip, base, filtered, rows, empty, facets, tests, side, filterButton, scroll, pane, element };
  };

  return { make };
})();
