"""Progress tells what is done and how much of the whole."""

from portal.demo.progress import Progress


def test_a_log_gets_one_line_for_each_step() -> None:
    lines: list[str] = []
    progress = Progress(lines.append, total=10)
    assert list(progress.watch([1, 2, 3], "Customers", expected=3, weight=5)) == [1, 2, 3]
    progress.step("Cards", weight=5)
    assert lines == [
        "[############............]  50%  Customers\n",
        "[########################] 100%  Cards\n",
    ]


def test_a_terminal_rewrites_the_line_until_the_step_is_done() -> None:
    lines: list[str] = []
    progress = Progress(lines.append, total=4, is_terminal=True)
    list(progress.watch([1], "Customers", expected=1, weight=4))
    assert lines == [
        "\r\x1b[K[........................]   0%  Customers",
        "\r\x1b[K[########################] 100%  Customers\n",
    ]
