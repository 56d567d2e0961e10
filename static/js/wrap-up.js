// Wrapping up a call by keyboard: form[data-wrap-up] with fieldset[data-group="1"] of radios
// name="disposition" (data-key, data-steps: what may follow, the usual one first, data-means), radios
// name="next_step", and [data-for-step] with what one of the steps needs.
// A digit chooses the group, a second one the outcome, Enter sends; Escape begins anew.
(() => {
  "use strict";

  const typing = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
  let chosen = null; // the group whose outcome the next digit picks

  const formOf = () => document.querySelector("form[data-wrap-up]");
  const pickedIn = (form) => form.querySelector("[name=disposition]:checked");
  const stepIn = (form) => form.querySelector("[name=next_step]:checked");

  function choose(form, group) {
    chosen = group;
    form.querySelectorAll("[data-group]").forEach((one) => one.classList.toggle("is-chosen", one === group));
    group?.querySelector("input")?.scrollIntoView({ block: "nearest" });
  }

  // What may follow, and what it needs, stands open; the rest is put away.
  function show(form) {
    const picked = pickedIn(form);
    const steps = picked ? picked.dataset.steps.split(" ") : [];
    form.querySelectorAll("[name=next_step]").forEach((one) => {
      one.disabled = picked !== null && !steps.includes(one.value);
    });
    const step = stepIn(form)?.value;
    form.querySelectorAll("[data-for-step]").forEach((one) => {
      const isWanted = one.dataset.forStep === step;
      one.hidden = !isWanted;
      one.querySelectorAll("input").forEach((field) => (field.required = isWanted));
    });
    form.querySelector("[data-says]").textContent = picked ? picked.dataset.means : "";
  }

  function propose(form) {
    const [usual] = pickedIn(form).dataset.steps.split(" ");
    form.querySelector(`[name=next_step][value="${usual}"]`).checked = true;
    show(form);
  }

  // To what is still missing, otherwise to the button, so that Enter sends.
  function goOn(form) {
    const missing = [...form.querySelectorAll("[data-for-step]:not([hidden]) input")].find((one) => !one.value);
    (missing || form.querySelector("[type=submit]")).focus();
  }

  function pick(form, digit) {
    const leaf = chosen.querySelector(`[name=disposition][data-key="${digit}"]`);
    if (!leaf) return;
    leaf.checked = true;
    choose(form, null);
    leaf.dispatchEvent(new Event("change", { bubbles: true }));
    goOn(form);
  }

  document.addEventListener("keydown", (event) => {
    const form = formOf();
    if (!form || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return choose(form, null);
    if (!/^[1-9]$/.test(event.key) || event.target.closest(typing)) return;
    event.preventDefault();
    if (chosen?.isConnected) return pick(form, event.key);
    choose(form, form.querySelector(`[data-group="${event.key}"]`));
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-wrap-up]");
    if (!form) return;
    if (event.target.name === "disposition") propose(form);
    if (event.target.name === "next_step") show(form);
  });

  function begin() {
    chosen = null;
    const form = formOf();
    if (form) show(form);
  }

  begin();
  document.addEventListener("htmx:afterSwap", begin);
})();
