"""Which stage may follow which, what terms are, what they are worth, and what needs a second
person."""
