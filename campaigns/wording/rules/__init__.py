"""Words of advertising: `lexicon` knows them, `checking` finds them in a text."""

from campaigns.wording.rules.checking import GRAVEST_FIRST, Finding, check
from campaigns.wording.rules.lexicon import Decided, Lexicon, lexicon_of

__all__ = ["GRAVEST_FIRST", "Decided", "Finding", "Lexicon", "check", "lexicon_of"]
