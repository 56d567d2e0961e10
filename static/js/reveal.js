// A value shown in full goes away by itself: [data-revealed data-seconds data-masked].
// The instant of its end is kept, not a countdown: timers run late in a hidden tab and stand still
// while a computer sleeps, so the end is looked at again whenever the page comes back to sight.
(() => {
  "use strict";

  const shown = new Map(); // element -> when it must be gone (milliseconds)

  function hide(element, isLeaving = false) {
    shown.delete(element);
    const { masked } = element.dataset;
    element.removeAttribute("data-revealed");
    element.textContent = masked;
    const cell = element.closest("[data-reveal]");
    cell?.querySelector("[data-revealed-note]")?.remove();
    // The server sends the mask with its button again; without an answer the mask stays.
    if (!isLeaving) cell?.querySelector("[data-hide]")?.click();
  }

  function look() {
    const now = Date.now();
    shown.forEach((end, element) => {
      if (!element.isConnected) {
        shown.delete(element);
      } else if (now >= end) {
        hide(element);
      } else {
        const left = element.closest("[data-reveal]")?.querySelector("[data-left]");
        if (left) left.textContent = String(Math.ceil((end - now) / 1000));
      }
    });
  }

  function hideAll() {
    [...shown.keys()].forEach((element) => hide(element, true));
  }

  document.addEventListener("htmx:load", (event) => {
    const root = event.detail.elt;
    const found = [...root.querySelectorAll("[data-revealed]")];
    if (root.matches("[data-revealed]")) found.push(root);
    found.forEach((element) => {
      const seconds = Number(element.dataset.seconds);
      shown.set(element, Date.now() + seconds * 1000);
      setTimeout(look, seconds * 1000);
    });
  });

  // A refusal is an answer for the person: it takes the place of the question.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target.matches("[data-reveal]") && [409, 422, 429].includes(xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  // Leaving the page: what the browser keeps for the way back must not hold the value.
  window.addEventListener("pagehide", hideAll);
  window.addEventListener("pageshow", look);
})();
