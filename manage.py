#!/usr/bin/env python
"""This will hand the command line to Django with the portal's settings."""

import os
import sys

from django.core.management import execute_from_command_line

from portal.runtime import stack

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if problem := stack.why_unusable(os.environ):
        sys.exit(problem)
    execute_from_command_line(sys.argv)
