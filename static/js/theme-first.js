// Runs before anything is painted, so that a dark page never flashes light.
(() => {
  const page = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system"; // storage may be switched off; the system's own choice is a good guess
    }
  }

  function paint() {
    const choice = chosen();
    page.dataset.bsTheme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
  }

  page.classList.add("has-script");
  dark.addEventListener("change", paint);
  window.addEventListener("storage", paint); // another tab has chosen
  document.addEventListener("chorus:theme", paint);
  paint();
})();
