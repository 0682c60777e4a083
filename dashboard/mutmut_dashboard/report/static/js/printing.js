"use strict";
/** Tells when the page is put on paper and when that is over, for what draws less than everything on the screen. */
const Printing = (() => {
  /** @param {(on: boolean) => void} changed */
  const watch = (changed) => {
    const media = matchMedia("print");
    media.addEventListener("change", () => changed(media.matches));
    addEventListener("beforeprint", () => changed(true));
    addEventListener("afterprint", () => changed(false));
  };

  return { watch };
})();
