// Added to every page by scripts/serve --watch: loads it anew after a build, and shows what failed.
const place = document.createElement("pre");
Object.assign(place.style, {
  position: "fixed", inset: "auto 0 0 0", margin: 0, padding: "1rem", maxHeight: "70vh", overflow: "auto",
  background: "#300", color: "#fff", font: "14px/1.4 monospace", whiteSpace: "pre-wrap", zIndex: 2147483647,
});
place.setAttribute("role", "alert");

let known;
async function look() {
  const answer = await fetch("/-/watch/state.txt", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const [reloads, ...failure] = (await answer.text()).split("\n");
    // Not reload(), which would send a form again.
    if (known !== undefined && reloads !== known) return location.replace(location.pathname + location.search);
    known = reloads;
    place.textContent = failure.join("\n").trim();
    if (place.textContent) document.body.append(place);
    else place.remove();
  }
  setTimeout(look, 500);
}
look();
