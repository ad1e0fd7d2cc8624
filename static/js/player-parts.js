/* The parts of a video: which one you are in, and going to another. */

export function markParts(list, video, begin) {
  if (!list) return;
  const links = [...list.querySelectorAll("a")];
  const starts = links.map((link) => Number(link.dataset.start) / 1000);

  const mark = (seconds) => {
    const here = starts.findLastIndex((start) => start <= seconds + 0.05);
    links.forEach((link, at) => {
      if ((at === here) === link.hasAttribute("aria-current")) return;
      link.toggleAttribute("aria-current", at === here);
      if (at !== here) link.querySelector("small")?.remove();
      else {
        link.setAttribute("aria-current", "true");
        link.append(Object.assign(document.createElement("small"), { textContent: "You are here" }));
      }
    });
  };

  links.forEach((link, at) => link.addEventListener("click", (event) => {
    event.preventDefault();
    video.currentTime = starts[at];
    mark(starts[at]);
  }));
  for (const name of ["timeupdate", "seeking"]) video.addEventListener(name, () => mark(video.currentTime));
  mark(begin);
}
