"""Names look like names."""

import random

from portal.demo import people


def test_frequent_surnames_come_most_often() -> None:
    rng = random.Random("names")
    drawn = [people.person_name(rng, "m", 1990)[0] for _name in range(2000)]
    assert drawn.count("王") > drawn.count("石") * 5


def test_a_name_has_two_to_four_signs() -> None:
    rng = random.Random("names")
    lengths = {len(people.person_name(rng, sex, 1970)) for sex in "mf" for _name in range(500)}
    assert lengths <= {2, 3, 4}


def test_staff_names_are_spelled_in_latin_letters() -> None:
    rng = random.Random("staff")
    for _name in range(50):
        name, name_en = people.staff_name(rng)
        assert name_en.isascii()
        assert len(name_en.split()) == 2
        assert 2 <= len(name) <= 4
