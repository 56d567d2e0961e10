"""manage.py check_wording: one sentence a line in, one JSON object a line out."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.outreach import TemplateFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, list[str]]:
    said, code = StringIO(), 0
    try:
        call_command("check_wording", *arguments, stdout=said)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, said.getvalue().splitlines()


def test_every_line_is_answered_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("最近三天\n\n本卡是最佳选择\r\n完美体验", encoding="utf-8")
    code, lines = run(str(file), "--json", "--on", "2026-06-30")
    found = [json.loads(line) for line in lines]
    assert code == 1
    assert [(one["line"], one["text"]) for one in found] == [
        (1, "最近三天"), (2, ""), (3, "本卡是最佳选择"), (4, "完美体验"),
    ]  # fmt: skip
    names = ("level", "start", "end", "term")
    terms = [[tuple(f[name] for name in names) for f in one["findings"]] for one in found]
    assert terms == [[], [], [("ban", 3, 5, "最佳")], [("caution", 0, 2, "完美")]]
    assert found[2]["findings"][0]["sentence"] == "本卡是最佳选择"


@pytest.mark.parametrize(("text", "code"), [
    ("", 0), ("最近三天", 0), ("完美体验", 0), ("满意度98%", 1), ("最佳", 1),
])  # fmt: skip
def test_the_exit_code_says_whether_something_must_be_mended(
    tmp_path: Path, text: str, code: int
) -> None:
    file = tmp_path / "texts.txt"
    file.write_text(text, encoding="utf-8")
    assert run(str(file), "--json")[0] == code


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("最佳".encode("gbk"))
    for arguments in ([], ["gone.txt"], [str(tmp_path / "gbk.txt")], ["a.txt", "--texts"]):
        with pytest.raises(CommandError) as refused:
            run(*arguments)
        assert refused.value.returncode == 2


def test_the_message_texts_in_use(tmp_path: Path) -> None:
    text = TemplateFactory(body="顶级礼遇")
    code, lines = run("--texts")
    assert code == 1
    assert lines[0].startswith(f"{text.reference}:")
    assert len(lines) == 1
