"use strict";
/** Says above the list that only mutants on changed lines are shown, and since which revision. */
const ChangedChip = (() => {
  /** @param {Index} index @param {HTMLElement} host @param {string[] | undefined} chosen @param {() => void} clear */
  const show = (index, host, chosen, clear) => {
    const only = index.since && chosen?.length === 1 && chosen[0] === "changed";
    host.hidden = !only;
    if (!only) return;
    Dom.fill(host, `Only lines changed since ${index.since?.ref}. `,
      Dom.el("button", { type: "button", onclick: clear }, "every line"));
  };

  return { show };
})();
