"use strict";
/** Goes from link to link with the focus: from wherever it is, or, in a view that was come back to, from the link that had it last. */
class LinkSteps {
  /** @param {HTMLElement} root @param {string} selector which links */
  constructor(root, selector) {
    this.root = root;
    this.selector = selector;
    /** @type {HTMLElement | undefined} */
    this.last = undefined;
    root.addEventListener("focusin", ({ target }) => { if (target instanceof HTMLElement && target.matches(selector)) this.last = target; });
  }

  /** @param {1 | -1} by */
  go(by) {
    const links = [.../** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(this.selector))].filter((link) => !link.closest(LinkSteps.FOLDED));
    const from = this.from(links);
    const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const further = links.filter((link) => from.compareDocumentPosition(link) & side);
    const next = by > 0 ? further[0] : further.at(-1);
    if (next) next.focus();
    else Announce.toast(by > 0 ? "That was the last link." : "That was the first link.");
  }

  /** Where to go on from. A view that was drawn anew has the last link's address on another element. @param {HTMLElement[]} links @returns {Element} */
  from(links) {
    const focused = document.activeElement ?? document.body;
    if (focused !== document.body && focused.id !== "content") return focused;
    const address = this.last?.getAttribute("href");
    return links.find((link) => link === this.last) ?? links.find((link) => link.getAttribute("href") === address) ?? focused;
  }
}
LinkSteps.FOLDED = "[hidden], details:not([open])";
