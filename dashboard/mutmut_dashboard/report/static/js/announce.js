"use strict";
/** Tells what happened, to be heard and, for a while, to be seen. */
const Announce = (() => {
  let timer = 0;

  /** @param {string} words */
  const polite = (words) => {
    const place = document.getElementById("announcements");
    if (!place) return;
    place.textContent = words;
  };

  /** Also shown at the foot of the page for some seconds. @param {string} words */
  const toast = (words) => {
    polite(words);
    const place = document.getElementById("toast");
    if (!place) return;
    place.textContent = words;
    place.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { place.hidden = true; }, 6000);
  };

  return { polite, toast };
})();
