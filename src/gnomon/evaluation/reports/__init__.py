"""Dashboards on paper and in a workbook: the same sheet, drawn otherwise (9.4)."""
