"""A PDF is one that readers open: its table of places is true, and its text is there."""

import re
import zlib

from portal.kit import pdf
from portal.kit.pdf import Table


def texts(file: bytes) -> list[str]:
    """What is written on the pages, in its order."""
    found = []
    for packed in re.findall(rb"FlateDecode >>\nstream\n(.*?)\nendstream", file, re.S):
        drawn = zlib.decompress(packed).decode()
        coded = re.findall(r"<(.*?)> Tj", drawn)
        found += [bytes.fromhex(one).decode("utf-16-be") for one in coded]
    return found


def places_are_true(file: bytes) -> bool:
    """Whether each object begins where the file says that it does."""
    listed = re.findall(rb"(\d{10}) 00000 n ", file)
    objects = [
        file[int(place) :].startswith(f"{number} 0 obj\n".encode())
        for number, place in enumerate(listed, start=1)
    ]
    [start] = re.findall(rb"startxref\n(\d+)\n%%EOF\n$", file)
    return all(objects) and file[int(start) :].startswith(b"xref\n")


def test_a_table_is_written_in_chinese() -> None:
    table = Table("日报", ["截止 18:00"], ["支行", "发卡"], [["南山支行", "12"]], [3, 1], "总行")
    file = pdf.write([table])
    assert texts(file) == ["日报", "截止 18:00", "支行", "发卡", "南山支行", "12", "总行", "1 / 1"]
    assert places_are_true(file)
    assert file.startswith(b"%PDF-1.4\n")


def test_long_tables_go_on_with_their_heading_and_each_table_begins_a_page() -> None:
    rows = [[f"B{number}", str(number)] for number in range(70)]
    long = Table("A", [], ["Branch", "Issued"], rows, [1, 1])
    file = pdf.write([long, Table("B", [], ["Day"], [], [1])])
    assert places_are_true(file)
    assert file.count(b"/Type /Page /Parent") == 4
    said = texts(file)
    assert said.count("Branch") == 3
    assert [one for one in said if re.fullmatch(r"B\d+", one)] == [row[0] for row in rows]
    assert said[-2:] == ["", "4 / 4"]


def test_what_has_no_room_is_cut_and_signs_beyond_the_font_are_held_open() -> None:
    table = Table("T", [], ["Name", "N"], [["长" * 99, "1"], ["𠮷", "2"]], [1, 9])
    said = texts(pdf.write([table]))
    [cut] = [one for one in said if one.startswith("长")]
    assert cut.endswith("…")
    assert len(cut) < 10
    assert "〓" in said
