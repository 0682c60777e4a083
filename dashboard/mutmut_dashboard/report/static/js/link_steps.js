"use strict";
/** Goes from link to link with the focus, from wherever it is. */
const LinkSteps = (() => {
  const FOLDED = "[hidden], details:not([open])";

  /** @param {HTMLElement} root @param {string} selector which links @param {1 | -1} by */
  const go = (root, selector, by) => {
    const links = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector))].filter((link) => !link.closest(FOLDED));
    const from = document.activeElement ?? document.body;
    const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const further = links.filter((link) => from.compareDocumentPosition(link) & side);
    const next = by > 0 ? further[0] : further.at(-1);
    if (next) next.focus();
    else Announce.polite(by > 0 ? "That was the last link." : "That was the first link.");
  };

  return { go };
})();
