"""E-mail over an SMTP relay."""
