"use strict";
/** Mutants of a line as a few signs: the undetected ones first, and how many are not drawn. */
const Dots = (() => {
  const MOST = 3;
  const ORDER = "suetpki-.";

  /** As few signs as the margin has room for; the line's own words give the whole number. @param {number} count */
  const short = (count) => (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`);

  /** @param {string[]} letters */
  const draw = (letters) => {
    const order = [...letters].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
    const shown = order.length > MOST ? order.slice(0, MOST - 1) : order;
    return Dom.el("span", { class: "signs", "aria-hidden": "true" },
      shown.map((letter) => Dom.el("span", { class: `status ${Words.STATUS[letter]?.word ?? ""}` }, Words.STATUS[letter]?.sign ?? "")),
      order.length > shown.length && Dom.el("span", { class: "rest" }, `+${short(order.length - shown.length)}`));
  };

  return { draw };
})();
