"""Where facts about messages come in: calls of gateways, mail that came back, mobile bank."""
