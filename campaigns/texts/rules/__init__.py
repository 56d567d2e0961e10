"""Plain rules of message texts: which values they name, what is wrong with them, what identifies
one."""

from campaigns.texts.rules import faults, variables
from campaigns.texts.rules.faults import Fault
from campaigns.texts.rules.naming import APPROVAL_KIND, Key, key_in, key_of, read_key
from campaigns.texts.rules.variables import Variable

__all__ = [
    "APPROVAL_KIND", "Fault", "Key", "Variable", "faults", "key_in", "key_of", "read_key",
    "variables",
]  # fmt: skip
