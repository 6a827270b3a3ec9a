// After each fresh preview: what was unfolded stays unfolded, and whoever hears the page is told what the server says
// about the words (data-say), once for each time that it says something new.

let unfolded = [];
let said = document.getElementById("preview")?.dataset.say;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "preview") return;
  unfolded = [...event.detail.target.querySelectorAll("details[open]")].map((fold) => fold.id);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "preview") return;
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  const fresh = event.target.dataset.say;
  if (fresh === said) return;
  said = fresh;
  document.getElementById("preview-said").textContent = fresh;
});
