"use strict";
/** What is decided about a mutant, in words: by whom and when, as a draft, or why it does not apply any more. */
const Ruling = (() => {
  /** @param {Context} context @param {MutantNumber} mutant @returns {(Node | string)[]} */
  const words = ({ decisions, facts }, mutant) => {
    const key = facts.key(mutant);
    const draft = decisions.draft(key);
    const given = decisions.given(key);
    if (draft) {
      const until = draft.expires ? `, until ${draft.expires}` : "";
      return [Dom.el("b", {}, draft.choice), ` ${draft.reason} `, Dom.el("span", { class: "quiet" }, `draft of ${draft.when}${until}`)];
    }
    if (!given) return [Dom.el("span", { class: "quiet" }, "Not decided yet.")];
    const made = Dom.el("span", { class: "quiet" }, [given.who, given.when, given.expires && `until ${given.expires}`].filter(Boolean).join(", "));
    const lapsed = given.standing === "applies" ? "" : `${given.standing}: ${given.why || "it does not apply any more"} `;
    return [Dom.el("b", {}, given.choice), ` ${given.reason} `, lapsed, made];
  };

  return { words };
})();
