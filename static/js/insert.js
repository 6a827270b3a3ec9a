// Chips that put a merge field into the text. data-insert holds the field; it goes to where the cursor was last, in
// the field that was last typed in, or else in the one that data-insert-into names.

let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLTextAreaElement) last = event.target;
});

function insert(field, words) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const before = start > 0 && !/\s$/.test(value.slice(0, start)) ? " " : "";
  const after = end < value.length && !/^\s/.test(value.slice(end)) ? " " : "";
  field.setRangeText(before + words + after, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-insert]");
  if (!chip) return;
  const field = last?.isConnected ? last : document.getElementById(chip.dataset.insertInto);
  if (field) insert(field, chip.dataset.insert);
});
