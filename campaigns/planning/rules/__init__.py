"""Plans of campaigns: `files` reads them from text, `wording` says them in words."""
