// Everything works without this file; it only saves a person a click.

// A form that was sent back with mistakes: read them out first.
const mistakes = document.querySelector(".govuk-error-summary");
if (mistakes) {
  mistakes.tabIndex = -1;
  mistakes.focus();
}

// A page with live parts fetches itself every few seconds and puts in what has changed. It stops while somebody is in the middle of
// such a part (the keyboard is there, or text is selected) and says so when it cannot.
const EVERY = 5000;
const note = document.querySelector("[data-live-text]");

function busy(part) {
  const selection = document.getSelection();
  return part.contains(document.activeElement) || (selection && !selection.isCollapsed && part.contains(selection.anchorNode));
}

function swap(part, fresh) {
  const open = new Set([...part.querySelectorAll("details[open][id]")].map((details) => details.id));
  for (const details of fresh.querySelectorAll("details[id]")) details.open = open.has(details.id);
  if (part.innerHTML !== fresh.innerHTML) part.replaceChildren(...fresh.childNodes);
}

async function refresh() {
  if (document.hidden) return true;
  const answer = await fetch(location.href, { headers: { "X-Concord-Live": "1" }, cache: "no-store" });
  if (answer.redirected) {
    note.textContent = "You are signed out, and this page no longer updates. Load it again to sign in.";
    return false;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh && !busy(part)) swap(part, fresh);
  }
  return true;
}

if (note) {
  note.textContent = "This page updates itself.";
  let failing = false;
  const turn = async () => {
    let again = true;
    try {
      again = await refresh();
      if (failing && again) note.textContent = "This page updates itself.";
      failing = false;
    } catch {
      if (!failing) note.textContent = `This page could not be updated since ${new Date().toLocaleTimeString("en-GB")}. It keeps trying.`;
      failing = true;
    }
    if (again) setTimeout(turn, EVERY);
  };
  setTimeout(turn, EVERY);
}
