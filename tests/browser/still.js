// Whether the page stands still: nothing that somebody did is on its way any more. Put into every page
// before its own scripts. What a click, a key or an answer sets off begins at once (a request, a
// navigation, a timer), so it is counted from its first instant to its last.
(() => {
  "use strict";

  const SOON = 1000; // milliseconds: what waits longer is a poll, or text that fades
  const CALM = 3; // frames without anything: events that follow one another have one between them
  const { requestAnimationFrame: nextFrame } = window; // a test may set a clock of its own later
  const now = performance.now.bind(performance);
  const timers = new Set();
  let requests = 0;
  let leaves = false;
  let isProcessed = false;

  function countTimers() {
    const { setTimeout: later, clearTimeout: never } = window;
    window.setTimeout = (work, delay = 0, ...given) => {
      const timer = later(
        () => {
          try {
            work(...given);
          } finally {
            timers.delete(timer);
          }
        },
        delay,
      );
      if (delay < SOON) timers.add(timer);
      return timer;
    };
    window.clearTimeout = (timer) => {
      timers.delete(timer);
      never(timer);
    };
  }

  // Before the page's own scripts begin, and over the clock of a test, whose ticks are not the page's.
  document.addEventListener("readystatechange", countTimers, { once: true });

  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...given) {
    requests += 1;
    this.addEventListener("loadend", () => (requests -= 1), { once: true });
    send.apply(this, given);
  };

  // A form that is sent navigates a moment later; one of a dialog closes it.
  window.addEventListener("submit", (event) => {
    const { method, target } = event.target;
    if (!event.defaultPrevented && method !== "dialog" && target !== "_blank") leaves = true;
  });
  window.navigation.addEventListener("navigate", (event) => {
    if (!event.destination.sameDocument && event.downloadRequest === null) leaves = true;
  });
  window.navigation.addEventListener("navigateerror", () => (leaves = false));
  window.addEventListener("pageshow", () => (leaves = false)); // on the way back
  window.addEventListener("htmx:load", () => (isProcessed = true));

  function underWay() {
    const found = [];
    if (leaves) found.push("a navigation");
    if (document.readyState !== "complete") found.push("loading");
    if (window.htmx && !isProcessed) found.push("htmx at its start");
    if (requests) found.push(`requests: ${requests}`);
    if (timers.size) found.push(`timers: ${timers.size}`);
    return found;
  }

  // Says nothing once the page stands still; what is still on its way when the time is over.
  window.comesToRest = async (milliseconds) => {
    const end = now() + milliseconds;
    for (let calm = 0; calm < CALM; ) {
      await new Promise(nextFrame);
      calm = underWay().length ? 0 : calm + 1;
      if (!calm && now() > end) return underWay().join(", ");
    }
    return "";
  };
  window.stays = () => (leaves = false); // what was asked for came as a file
})();
