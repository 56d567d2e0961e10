"""By what customers under several numbers are known as one: who answers the phone, who bears the ID
number, who reads what comes to the e-mail address."""

from journeys.customers.enums import Trait

# The column of the lasting hash of each, and its label: those of no other hash, so that a hash of
# one is never taken for that of another.
HASH_OF = {Trait.PHONE: "callee", Trait.ID_NUMBER: "bearer", Trait.EMAIL: "reader"}
