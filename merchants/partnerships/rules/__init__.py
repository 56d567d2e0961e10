"""What may move where, what evidence is, and what a playbook holds."""
