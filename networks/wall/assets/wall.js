// Asks now and then whether something new stands here; without it the page is simply loaded again by hand.
(() => {
  "use strict";
  const news = document.querySelector("[data-posts]");
  if (!news) return;
  const shown = Number(news.dataset.posts);
  const calm = 3000;
  let wait = calm;

  const undisturbed = () =>
    window.scrollY < 40 && document.activeElement === document.body && !document.querySelector("details.alt[open]");

  const tell = (posts) => {
    const more = posts - shown;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = more === 1 ? "Show 1 new post" : more > 1 ? `Show ${more} new posts` : "Show what has changed";
    if (news.textContent !== link.textContent) news.replaceChildren(link);
  };

  const look = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch("/count.json", { cache: "no-store" });
        const { posts } = await answer.json();
        wait = calm;
        if (posts !== shown && undisturbed()) return location.reload();
        if (posts !== shown) tell(posts);
      } catch {
        wait = Math.min(wait * 2, 60000);
      }
    }
    setTimeout(look, wait);
  };
  setTimeout(look, wait);
})();
