// The portal's own behaviour, on top of Bootstrap and htmx. Everything works from attributes:
//   form[data-confirm="question"] or button[data-confirm]   asks before it is sent
//   button[data-copy="#field"]                              copies the field's text
//   button[data-print]                                      prints the page
//   input[data-check-all="name"]                            checks all boxes of that name in its form
//   select[data-autosubmit], input[data-autosubmit]         sends its form when changed
(() => {
  "use strict";

  // --- asking before sending -------------------------------------------------------------
  const dialog = document.getElementById("confirm-dialog");

  function ask(question) {
    dialog.querySelector("#confirm-question").textContent = question;
    return new Promise((resolve) => {
      const answer = (event) => {
        const button = event.target.closest("button");
        if (button) dialog.close(button.value);
      };
      dialog.addEventListener("click", answer);
      dialog.addEventListener(
        "close",
        () => {
          dialog.removeEventListener("click", answer);
          resolve(dialog.returnValue === "yes");
        },
        { once: true },
      );
      dialog.returnValue = "no";
      dialog.showModal();
    });
  }

  const agreed = new WeakSet();

  // Capturing, so that neither the browser nor htmx sends the form before the answer.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const question = event.submitter?.dataset.confirm || form.dataset.confirm;
      if (!question || agreed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await ask(question)) {
        agreed.add(form);
        form.requestSubmit(event.submitter);
      }
    },
    true,
  );

  // --- filters ------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // --- paper ----------------------------------------------------------------------------------
  // What is folded on a phone stands open on paper, also where a browser knows no style for it.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details.unfolds:not([open])")) {
      folded.open = true;
      opened.push(folded);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const folded of opened.splice(0)) folded.open = false;
  });

  // --- all of a table -----------------------------------------------------------------------
  function boxesOf(all) {
    return [...all.form.querySelectorAll(`input[name="${all.dataset.checkAll}"]`)];
  }

  document.querySelectorAll("[data-check-all]").forEach((all) => {
    all.closest("[hidden]").hidden = false; // it does nothing without a script
    all.form.addEventListener("change", (event) => {
      const boxes = boxesOf(all);
      if (event.target === all) boxes.forEach((box) => (box.checked = all.checked));
      const checked = boxes.filter((box) => box.checked).length;
      all.checked = checked === boxes.length;
      all.indeterminate = checked > 0 && !all.checked;
    });
  });

  // --- printing ---------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-print]")) window.print();
  });

  // --- copying --------------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without a secure address there is no clipboard; the text is selected, and this still works.
      document.execCommand("copy");
    }
    button.querySelector("[data-says]").textContent = button.dataset.copied;
  });

  // --- when htmx gets no answer, or a bad one --------------------------------------------------
  const trouble = document.getElementById("trouble");
  let fading;

  function tell(text) {
    trouble.textContent = text;
    trouble.classList.add("is-shown");
    clearTimeout(fading);
    fading = setTimeout(() => trouble.classList.remove("is-shown"), 8000);
  }

  document.addEventListener("htmx:sendError", () => tell(trouble.dataset.unreachable));
  document.addEventListener("htmx:timeout", () => tell(trouble.dataset.unreachable));
  document.addEventListener("htmx:responseError", () => tell(trouble.dataset.refused));
  document.addEventListener("htmx:afterSwap", () => trouble.classList.remove("is-shown"));

  // A session that ended answers a fragment with the sign-in page: go there as a whole.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const login = document.body.dataset.login;
    const { responseURL } = event.detail.xhr;
    if (login && responseURL && new URL(responseURL).pathname === login) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });

  // --- wide tables --------------------------------------------------------------------------
  // A table that fits keeps its head in sight while the page scrolls; one that does not becomes
  // a region of its own that the keyboard can reach and scroll.
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

  function fit(box) {
    box.classList.remove("is-fitting");
    const fits = box.scrollWidth <= box.clientWidth;
    box.classList.toggle("is-fitting", fits);
    hint(box);
    if (fits) {
      box.removeAttribute("tabindex");
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
      return;
    }
    box.tabIndex = 0;
    const caption = box.querySelector("caption")?.textContent.trim();
    if (caption) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", caption);
    }
  }

  // Columns out of sight are told by a side that fades.
  function hint(box) {
    const beyond = box.scrollWidth - box.clientWidth - Math.abs(box.scrollLeft);
    box.classList.toggle("has-before", Math.abs(box.scrollLeft) > 1);
    box.classList.toggle("has-more", beyond > 1);
  }

  function watchTables(root) {
    const boxes = [...root.querySelectorAll(".table-responsive")];
    if (root instanceof Element && root.matches(".table-responsive")) boxes.push(root);
    boxes.forEach((box) => {
      fit(box);
      sizes.observe(box);
      box.addEventListener("scroll", () => hint(box), { passive: true });
    });
  }

  watchTables(document);
  document.addEventListener("htmx:load", (event) => watchTables(event.detail.elt));
})();
