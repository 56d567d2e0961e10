"""Plans of campaigns: `files` reads them, `wording` says them in words, `naming` names their
messages."""
