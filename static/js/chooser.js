// Choosing rows of a table by searching: [data-chooser]. Arrow keys go through what was found, Enter
// takes the first or the one in focus, Escape goes back to the search and clears it.
(() => {
  "use strict";

  const codesOf = (box) => [...box.querySelectorAll("[data-chosen] [data-code]")].map((one) => one.value);

  function clear(box) {
    const found = box.querySelector("[data-found]");
    box.querySelector("[data-search]").value = "";
    delete found.dataset.foundFor;
    found.replaceChildren();
  }

  // Whether what is offered answers what stands in the field, and not what stood there before.
  function answers(box) {
    const { foundFor } = box.querySelector("[data-found]").dataset;
    return foundFor === box.querySelector("[data-search]").value;
  }

  function say(box, which, name) {
    const said = box.querySelector("[data-said]");
    said.textContent = `${said.dataset[which]}: ${name}`;
  }

  function choose(box, button) {
    const { choose: code, name } = button.dataset;
    if (codesOf(box).includes(code)) return;
    const row = box.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-code]").value = code;
    row.querySelector("[data-label]").textContent = name;
    row.querySelector("[data-shown]").textContent = code;
    row.querySelectorAll("[data-figure], [data-unchoose]").forEach((one) => {
      one.setAttribute("aria-label", `${one.getAttribute("aria-label")}: ${name}`);
    });
    box.querySelector("[data-chosen]").append(row);
    clear(box);
    say(box, "chosenSays", name);
    (row.querySelector("[data-figure]") || box.querySelector("[data-search]")).focus();
  }

  function unchoose(box, row) {
    say(box, "removedSays", row.querySelector("[data-label]").textContent);
    row.remove();
    box.querySelector("[data-search]").focus();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-chooser]");
    if (!box) return;
    const offer = event.target.closest("[data-choose]");
    if (offer) choose(box, offer);
    const button = event.target.closest("[data-unchoose]");
    if (button) unchoose(box, button.closest("li"));
  });

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest("[data-chooser]");
    if (!box || !box.querySelector("[data-search]")) return;
    const search = box.querySelector("[data-search]");
    const offers = answers(box) ? [...box.querySelectorAll("[data-choose]:not([disabled])")] : [];
    const place = offers.indexOf(event.target.closest("[data-choose]"));
    const isSearch = event.target === search;
    if (event.key === "Enter" && (isSearch || event.target.matches("[data-figure]"))) {
      // Enter in here chooses, or goes on; it never sends the form by chance.
      event.preventDefault();
      if (isSearch && offers.length) choose(box, offers[0]);
      else if (!isSearch) search.focus();
    } else if (event.key === "ArrowDown" && (isSearch || place >= 0)) {
      event.preventDefault();
      offers[Math.min(place + 1, offers.length - 1)]?.focus();
    } else if (event.key === "ArrowUp" && place >= 0) {
      event.preventDefault();
      (place ? offers[place - 1] : search).focus();
    } else if (event.key === "Escape" && (isSearch || place >= 0)) {
      event.preventDefault();
      clear(box);
      search.focus();
    }
  });

  // An answer that comes when the text is another one by now is not shown: its own is on its way.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, shouldSwap } = event.detail;
    if (!shouldSwap || !target.matches("[data-found]")) return;
    const asked = requestConfig.formData.get("q");
    if (target.closest("[data-chooser]").querySelector("[data-search]").value !== asked) {
      event.detail.shouldSwap = false;
    } else {
      target.dataset.foundFor = asked;
    }
  });

  // What is chosen already is shown as such, and cannot be chosen once more.
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = event.target.closest?.("[data-chooser]");
    if (!box) return;
    const codes = codesOf(box);
    box.querySelectorAll("[data-choose]").forEach((one) => {
      one.disabled = codes.includes(one.dataset.choose);
    });
  });
})();
