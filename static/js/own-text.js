// A network's own text: data-fill (with data-fill-from) begins it with the common text, data-empty gives it back to
// the common text. Without script the second button sends the form, and the server does the same.

function write(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill], [data-empty]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.fill || button.dataset.empty);
  write(field, button.dataset.fill ? document.getElementById(button.dataset.fillFrom).value : "");
});
