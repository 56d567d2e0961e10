"""Public data made into files for `manage.py import_data`."""
