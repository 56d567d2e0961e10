"""What holds for every page in a real browser; used by the tests over all pages and roles."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page, Response

_axe = Axe()
_SECONDS = 60


def settle(page: Page) -> None:
    """This will wait until nothing that was done on a page is on its way any more (`still.js`): it
    has loaded, and what it fetches, sends, or does a moment later is done."""
    while True:
        try:
            left = page.evaluate(f"window.comesToRest({_SECONDS * 1000})")
        except Error as error:  # another page took the place of the one that was asked
            if "context was destroyed" not in str(error):
                raise
        else:
            assert not left, f"{page.url} does not come to rest: {left}"
            return


def faults_of(page: Page) -> list[str]:
    """This will tell what is wrong with the page that is open, once all of it has come:
    accessibility, sideways scroll."""
    settle(page)
    found = []
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > room:
        found.append(f"scrolls sideways: {width} px in {room} px")
    for violation in _axe.run(page).response["violations"]:
        places = "; ".join(str(node["target"]) for node in violation["nodes"][:5])
        found.append(f"axe {violation['id']}: {violation['help']}: {places}")
    return found


def visit(page: Page, url: str) -> Response:
    """This will open `url` and fail on a word in the console (a refusal of the content security
    policy is one), an error of a script, an axe violation, or sideways scrolling."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A page that answers 4xx on purpose is told of by the browser, too.
        itself = message.location.get("url", "").rstrip("/") == page.url.rstrip("/")
        if message.type in {"error", "warning"} and not (
            itself and message.text.startswith("Failed to load resource")
        ):
            said.append(f"console: {message.text}")

    def hear_error(error: Exception) -> None:
        said.append(f"script: {error}")

    page.on("console", hear)
    page.on("pageerror", hear_error)
    try:
        response = page.goto(url)
        assert response is not None
        page.evaluate("document.fonts.ready.then(() => true)")
        faults = faults_of(page) + said
    finally:
        page.remove_listener("console", hear)
        page.remove_listener("pageerror", hear_error)
    assert not faults, f"{url} at {page.viewport_size}:\n" + "\n".join(faults)
    return response
