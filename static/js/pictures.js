// Draws pictures: [data-picture="id of the element with the option of ECharts"][data-script][data-height].
// ECharts is fetched by the first page that has one. Tooltips are drawn, not written as HTML, which the
// content policy would refuse; nothing moves.
(() => {
  "use strict";

  const DRAWN = "drawn";
  let library = null;

  function fetchLibrary(address) {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => resolve(window.echarts));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return library;
  }

  function tell(value) {
    return value == null ? "–" : Number(value).toLocaleString(undefined, { maximumFractionDigits: 2 });
  }

  function draw(echarts, place) {
    const option = JSON.parse(document.getElementById(place.dataset.picture).textContent);
    const picture = echarts.init(place, null, { devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    const tooltip = { confine: true, valueFormatter: tell, ...option.tooltip, renderMode: "richText" };
    picture.setOption({ ...option, tooltip, animation: false });
    new ResizeObserver(() => picture.resize()).observe(place);
    place.dataset.state = DRAWN;
  }

  async function drawAll(root) {
    const places = [...root.querySelectorAll("[data-picture]:not([data-state])")];
    for (const place of places) {
      place.dataset.state = "begun";
      place.style.height = `${place.dataset.height}px`;
      try {
        draw(await fetchLibrary(place.dataset.script), place);
      } catch (error) {
        // The table below says the same: it is opened where the picture could not be drawn.
        place.hidden = true;
        place.closest("figure").querySelector("details").open = true;
        console.warn("A picture could not be drawn.", error);
      }
    }
  }

  window.addEventListener("beforeprint", () => {
    for (const place of document.querySelectorAll("[data-picture]")) window.echarts?.getInstanceByDom(place)?.resize();
  });
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
  drawAll(document);
})();
