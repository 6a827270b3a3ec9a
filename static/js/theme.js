// The switch between light, dark and what the system says: buttons with data-theme-choice.

const buttons = document.querySelectorAll("[data-theme-choice]");

function remembered() {
  try {
    return localStorage.getItem("theme") || "system";
  } catch {
    return "system";
  }
}

function remember(choice) {
  try {
    localStorage.setItem("theme", choice);
  } catch {
    // Storage is switched off: the system's choice stays.
  }
}

function show() {
  const choice = remembered();
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    remember(button.dataset.themeChoice);
    document.dispatchEvent(new Event("chorus:theme"));
    show();
  });
}
window.addEventListener("storage", show);
show();
