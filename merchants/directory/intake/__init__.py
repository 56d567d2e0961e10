"""Where facts of the directory come in: merchants, stores, contact persons, contracts."""

from merchants.directory.intake.contracts import CONTRACTS
from merchants.directory.intake.merchants import CONTACTS, MERCHANTS, STORES

__all__ = ["CONTACTS", "CONTRACTS", "MERCHANTS", "STORES"]
