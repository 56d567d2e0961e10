"""Who may pass by an address, and what those get who may."""

from dataclasses import dataclass

from portal.staff import rules

PUBLIC, SIGNED_IN = "public", "signed in"


@dataclass(frozen=True)
class Door:
    """Who may pass, and what those get who may.

    `who` is a permission, SIGNED_IN or PUBLIC. `answer` is the status of a GET by one who may;
    405 marks an address that takes POST only. `signed_in` is the answer of a public page to a
    person who is signed in, where it differs. `scoped` pages show rows of the person's branches
    only and answer 404 to others. `data` is the query string's content, where one is needed.
    """

    who: str
    answer: int = 200
    signed_in: int | None = None
    scoped: bool = False
    data: dict[str, str] | None = None

    def lets_in(self, role: str) -> bool:
        """Whether people of `role` may pass."""
        return self.who in (PUBLIC, SIGNED_IN) or rules.role_may(role, self.who)


def public(answer: int = 200, signed_in: int | None = None) -> Door:
    """Open to everybody."""
    return Door(PUBLIC, answer, signed_in)


def signed_in(answer: int = 200) -> Door:
    """Open to everybody who is signed in."""
    return Door(SIGNED_IN, answer)


def page(permission: str, *, scoped: bool = False, **data: str) -> Door:
    """A page that can be opened."""
    return Door(permission, scoped=scoped, data=data)


def action(permission: str, *, scoped: bool = False) -> Door:
    """An address that takes POST only."""
    return Door(permission, answer=405, scoped=scoped)
