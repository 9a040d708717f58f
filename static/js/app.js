/* Bình Yên: behaviour on top of pages that are complete without it. Words come from the page (data-…), never from here. */
"use strict";

/* The summary of errors takes focus, on load and after htmx swapped it in. */
function focusErrors(root) {
  const summary = root.querySelector("[data-autofocus]");
  if (summary) summary.focus();
}

/* Open menus close on Escape and on a click elsewhere. */
function closeMenus(except) {
  document.querySelectorAll("details.by-menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

/* Forms with data-guard: leaving with unsaved text asks first. */
const unsaved = new Set();

function guard(event) {
  const form = event.target.closest("form[data-guard]");
  if (form) unsaved.add(form);
}

/* Autosave: says what is going on, keeps the text when the line is down, sends again when it is back. */
const waiting = new Set();

function savedLine(form) {
  return form.querySelector(".by-saved") || document.querySelector(".by-saved");
}

function say(form, name) {
  const line = savedLine(form);
  if (line && line.dataset[name]) line.textContent = line.dataset[name];
}

function offline(form, isOffline) {
  const banner = form.querySelector("[data-offline]") || document.querySelector("[data-offline]");
  if (banner) banner.hidden = !isOffline;
}

function autosaved(event) {
  return event.target.closest ? event.target.closest("form[data-autosave]") : null;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = autosaved(event);
  if (form) say(form, "saving");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = autosaved(event);
  if (!form) return;
  if (event.detail.successful) {
    unsaved.delete(form);
    waiting.delete(form);
    offline(form, false);
  } else {
    say(form, "unsaved");
  }
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = autosaved(event);
    if (!form) return;
    waiting.add(form);
    offline(form, true);
    say(form, "unsaved");
  });
}

window.addEventListener("online", () => {
  waiting.forEach((form) => form.dispatchEvent(new Event("change", { bubbles: true })));
});

document.addEventListener("htmx:afterSwap", (event) => {
  focusErrors(event.target);
  dressFiles(event.target);
});

document.addEventListener("input", guard);
document.addEventListener("change", guard);
document.addEventListener("submit", (event) => unsaved.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

/* A file input speaks the browser's language; over it lies a face that speaks ours and names what was chosen. */
function dressFiles(root) {
  root.querySelectorAll("[data-filepick]:not(.by-filepick-on)").forEach((pick) => {
    const input = pick.querySelector("input");
    const names = pick.querySelector("[data-names]");
    const show = () => { names.textContent = [...input.files].map((file) => file.name).join(", ") || pick.dataset.none; };
    pick.querySelector("[hidden]").hidden = false;
    pick.classList.add("by-filepick-on");
    input.addEventListener("change", show);
    show();
  });
}

/* Keys of the appraisal page: arrows to the file before and after, 1 to 9 to a criterion, ? for the list of keys.
   They work inside [data-keys]; data-keys="off" (a choice of the account) switches them off. */
function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function onKey(event) {
  if (event.key === "Escape") closeMenus(null);
  const page = document.querySelector("[data-keys]");
  if (!page || page.dataset.keys === "off" || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const link = page.querySelector(`a[aria-keyshortcuts="${event.key}"]`);
    if (link) link.click();
  } else if (/^[1-9]$/.test(event.key)) {
    const key = [...page.querySelectorAll(".by-index .key")].find((each) => each.textContent.trim() === event.key);
    if (key) key.closest("a").click();
  } else if (event.key === "?") {
    const list = document.querySelector("dialog[data-keys-list]");
    if (list) list.showModal();
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.by-menu"));
  const opener = event.target.closest("[data-keys-open]");
  const list = document.querySelector("dialog[data-keys-list]");
  if (opener && list) {
    event.preventDefault();
    list.showModal();
  }
  if (event.target.closest("[data-print]")) window.print();
});

document.querySelectorAll("[data-print][hidden]").forEach((button) => { button.hidden = false; });
focusErrors(document);
dressFiles(document);
