// Buttons that copy a text. data-copy holds the text itself, or data-copy-from the id of the element that holds it.
// data-copied is the word to say afterwards, in the page's language; it is said in the page's live region.

const SAID_FOR = 4000; // milliseconds

function textOf(button) {
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  if (!source) return button.dataset.copy || "";
  return "value" in source ? source.value : source.textContent;
}

// Over plain http on another host a browser hides the clipboard; a selected field can still be copied.
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(text) {
  if (!navigator.clipboard) return copyBySelection(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function say(words) {
  const region = document.getElementById("said");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = words;
  });
}

function mark(button) {
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), SAID_FOR);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const region = document.getElementById("said");
  const done = await copy(textOf(button));
  if (done) mark(button);
  button.focus();
  say(done ? button.dataset.copied || region?.dataset.copied || "" : region?.dataset.failed || "");
});
